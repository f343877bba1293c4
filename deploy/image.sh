#!/bin/sh
# Every step of the container image, so that each can be run and tested outside of a container too.
#
#   image.sh system              Debian packages that the running service uses: Python, and Tesseract with Swedish
#   image.sh application FOLDER  an environment in FOLDER/.venv with Fyren in it, from the lock file, hashes checked
#   image.sh user                the user and group `fyren` (10001), and its folder for state
#   image.sh healthy [PORT]      whether the service on this machine answers; what the health check runs
#
# `application` is run from the project's folder; `system` and `user` as root.
set -eu

here=$(dirname "$0")
state=/var/lib/fyren
number=10001

case "${1:-}" in
    system)
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates \
            tesseract-ocr tesseract-ocr-swe >/dev/null
        rm -rf /var/lib/apt/lists/*
        ;;
    application)
        folder=$2
        sh "$here/debian.sh" environment "$folder/.venv"
        pip="$folder/.venv/bin/python -m pip --disable-pip-version-check"
        $pip install --quiet --no-compile --require-hashes --requirement requirements.lock
        # Not editable: nothing of the project's folder is needed afterwards, or can be changed by the service.
        $pip install --quiet --no-compile --no-deps --no-build-isolation .
        "$folder/.venv/bin/python" -m compileall -q -j 0 -x '/olefile2\.py$' "$folder/.venv/lib"
        ;;
    user)
        getent group fyren >/dev/null || groupadd --system --key SYS_GID_MAX=$number --gid $number fyren
        getent passwd fyren >/dev/null ||
            useradd --system --key SYS_UID_MAX=$number --uid $number --gid $number --home-dir $state --no-create-home \
                --shell /usr/sbin/nologin fyren
        install -d -o $number -g $number -m 0750 $state
        ;;
    healthy)
        "$here/../.venv/bin/python" -c 'import sys, urllib.request as http
http.urlopen(f"http://127.0.0.1:{sys.argv[1]}/healthz", timeout=3)' "${2:-${FYREN_PORT:-3978}}" 2>/dev/null
        ;;
    *)
        echo "usage: image.sh system | application FOLDER | user | healthy [PORT]" >&2
        exit 2
        ;;
esac
