#!/bin/sh
# Installs Firefox and WebKitGTK for the story in other engines, where the system's packages can be installed. Without
# them those tests are skipped and say so.
set -eu
[ -x /usr/bin/firefox-esr ] && [ -x /usr/bin/WebKitWebDriver ] && [ -x /usr/bin/Xvfb ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "make: installing Firefox and WebKitGTK" >&2
    log=$(mktemp)
    (apt-get update -q && apt-get install -y -q --no-install-recommends firefox-esr webkit2gtk-driver xvfb) >"$log" 2>&1 ||
        tail -3 "$log" >&2
    rm -f "$log"
fi
exit 0
