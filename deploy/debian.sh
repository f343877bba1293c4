#!/bin/sh
# Brings what Fyren needs from Debian's packages, where it is missing.
#
#   debian.sh environment FOLDER   a Python 3.11-3.13 environment in FOLDER
#   debian.sh browser              what the tests open pages and files with: Chromium, fonts, Node.js with npm, LibreOffice,
#                                  Tesseract with Swedish
#
# Installs only as root or with a sudo that asks for no password; else it says what to type.
set -eu

say() { echo "$@" >&2; }

# apt PACKAGE...: installs the packages, or fails with the command that would.
apt() {
    if ! command -v apt-get >/dev/null; then
        say "This is no Debian system, so install these by its own means: $*"
        return 1
    fi
    if [ "$(id -u)" = 0 ]; then
        root=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        root="sudo"
    else
        say "Missing packages. Type this, then try again:"
        say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
        return 1
    fi
    say "Installing with apt-get: $*"
    $root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# usable COMMAND: whether it is a Python that Fyren supports.
usable() {
    "$1" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

# find_python: prints the first usable Python; the one asked for in $PYTHON goes before all others.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        usable "$PYTHON" || { say "$PYTHON is no Python 3.11, 3.12 or 3.13"; return 1; }
        command -v "$PYTHON"
        return
    fi
    for name in python3 python3.13 python3.12 python3.11; do
        if usable "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

environment() {
    if ! python=$(find_python); then
        [ -z "${PYTHON:-}" ] || return 1
        say "Fyren needs Python 3.11, 3.12 or 3.13, and none was found."
        apt python3 python3-venv
        python=$(find_python) || { say "Debian's python3 has another version; name yours: make install PYTHON=..."; return 1; }
    fi
    # Debian's python3 lacks what fills a new environment until python3-venv is there.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        apt "python$version-venv"
    fi
    say "Creating $1 with $("$python" --version)"
    "$python" -m venv --clear "$1"
}

browser() {
    missing=""
    command -v chromium >/dev/null || missing="$missing chromium"
    command -v node >/dev/null || missing="$missing nodejs"
    command -v npm >/dev/null || missing="$missing npm"
    # Playwright brings a Node.js of its own, which is linked to this.
    /sbin/ldconfig -p | grep -q 'libatomic\.so\.1' || missing="$missing libatomic1"
    if ! command -v fc-list >/dev/null; then
        missing="$missing fontconfig fonts-noto-core"
    elif ! fc-list | grep -q 'NotoSans-Regular'; then
        missing="$missing fonts-noto-core"
    fi
    # Opens exported workbooks and CSV files, to see that nothing in them is taken for a formula, and prints documents,
    # to see that a print is read as the document is. One command starts both, so it does not tell what is there.
    for part in calc writer; do
        dpkg -s "libreoffice-$part-nogui" >/dev/null 2>&1 || dpkg -s "libreoffice-$part" >/dev/null 2>&1 ||
            missing="$missing libreoffice-$part-nogui"
    done
    # Reads scanned pages.
    command -v tesseract >/dev/null || missing="$missing tesseract-ocr"
    dpkg -s tesseract-ocr-swe >/dev/null 2>&1 || missing="$missing tesseract-ocr-swe"
    # shellcheck disable=SC2086 # a list of names without spaces
    [ -z "$missing" ] || apt $missing
}

case "${1:-}" in
    environment) environment "$2" ;;
    browser) browser ;;
    *) say "usage: debian.sh environment FOLDER | browser"; exit 2 ;;
esac
