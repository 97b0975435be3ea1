#!/bin/sh
# Prints what this machine trains on, "gpu" or "cpu". $1 overrides what is seen: "gpu" installs CUDA without a card too.
set -eu
least=525.60.13  # the oldest driver that runs CUDA 12, which TensorFlow and JAX are locked with
say() { echo "make: $*" >&2; }

case ${1-} in
    cpu | gpu) echo "$1"; exit ;;
    "") ;;
    *) say "DEVICE=$1: there are cpu and gpu; without it the machine is looked at"; exit 1 ;;
esac

# one driver serves all cards of a machine; wheels with CUDA are for Linux alone
driver=$({ [ "$(uname -s)" = Linux ] && timeout 30 nvidia-smi --query-gpu=driver_version --format=csv,noheader; } 2> /dev/null) || driver=
driver=$(printf '%s\n' "$driver" | sed -n '1s/^ *\([0-9][0-9.]*\) *$/\1/p')
if [ -z "$driver" ]; then
    echo cpu
elif printf '%s.0.0 %s' "$driver" $least | awk '{
    split($1, has, "."); split($2, wants, ".")
    for (part = 1; part <= 3; part++) if (has[part] + 0 != wants[part] + 0) exit has[part] + 0 < wants[part] + 0
}'; then
    echo gpu
else
    say "the NVIDIA driver $driver is too old for CUDA 12: the CPU trains; install $least or newer and run make again"
    echo cpu
fi
