#!/bin/sh
# Sees that there is a Chromium for the browser tests (client/e2e/server.ts looks in the same places).
set -eu
for browser in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
    [ -x "$browser" ] && exit 0
done
own=$(cd client && node -e 'console.log(require("playwright-core").chromium.executablePath())')
[ -x "$own" ] && exit 0
echo "make: installing Chromium" >&2
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    log=$(mktemp)
    (apt-get update -q && apt-get install -y -q --no-install-recommends chromium) >"$log" 2>&1 || tail -3 "$log" >&2
    rm -f "$log"
    [ -x /usr/bin/chromium ] && exit 0
fi
(cd client && npx playwright install chromium) >/dev/null 2>&1 && exit 0
echo "make: the browser tests need Chromium; install it (apt-get install chromium, as root) and run make test again" >&2
exit 1
