#!/bin/sh
# Check the system libraries that Qt needs, and the programs that tests or installers need; get them where possible.
# Usage: libraries.sh window|tests|installer. Missing ones are installed by root on a Debian-like system;
# elsewhere the one command to type is printed and the exit code is 1.
set -eu

[ "$(uname -s)" = Linux ] || exit 0

# soname, Debian package, needed by: every start of Qt, or a window on X11
libraries="
libEGL.so.1 libegl1
libGL.so.1 libgl1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libxkbcommon.so.0 libxkbcommon0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
"

known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null) || exit 0  # no glibc: nothing to look up
packages=""
sonames=""
while read -r soname package; do
    [ -n "$soname" ] || continue
    case "$known" in
        *"$soname "*) ;;
        *)
            packages="$packages $package"
            sonames="$sonames $soname"
            ;;
    esac
done <<LIST
$libraries
LIST

# program and Debian packages: a virtual screen; archives and a recorder of system calls; what freezes, strips and packs
case "${1:-window}" in
    tests)
        programs="Xvfb:xvfb xauth:xauth OrthancRecoverCompressedFile:orthanc+orthanc-dicomweb dcmqrscp:dcmtk strace:strace"
        programs="$programs openssl:openssl"
        ;;
    installer)
        programs="Xvfb:xvfb xvfb-run:xvfb xauth:xauth dpkg-deb:dpkg objdump:binutils strip:binutils tar:tar zstd:zstd patchelf:patchelf"
        ;;
    *) programs="" ;;
esac
missing=""
for program in $programs; do
    command -v "${program%%:*}" >/dev/null 2>&1 && continue
    missing="$missing ${program%%:*}"
    for package in $(echo "${program##*:}" | tr + ' '); do
        case "$packages " in
            *" $package "*) ;;
            *) packages="$packages $package" ;;
        esac
    done
done

# Programs of others that check our DICOM files: got where that is easy, else their tests say that they are skipped.
if [ "${1:-window}" = tests ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    checkers=""
    command -v dciodvfy >/dev/null 2>&1 || checkers="$checkers dicom3tools"
    command -v dsrdump >/dev/null 2>&1 || checkers="$checkers dcmtk"
    if [ -n "$checkers" ]; then
        echo "Installing programs that check DICOM files:$checkers"
        DEBIAN_FRONTEND=noninteractive sh -c "apt-get update && apt-get install -y --no-install-recommends$checkers" \
            >/dev/null || echo "(They could not be installed: their tests are skipped.)" >&2
    fi
fi

# What a screen reader stands on, for the test of the window: got where that is easy, else the test says it is skipped.
if [ "${1:-window}" = tests ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    if ! /usr/bin/python3 -c "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi" \
        >/dev/null 2>&1 || [ ! -e /usr/libexec/at-spi-bus-launcher ] || ! command -v dbus-run-session >/dev/null 2>&1; then
        readers="at-spi2-core gir1.2-atspi-2.0 python3-gi dbus"
        echo "Installing what a screen reader stands on: $readers"
        DEBIAN_FRONTEND=noninteractive sh -c "apt-get update && apt-get install -y --no-install-recommends $readers" \
            >/dev/null || echo "(It could not be installed: the test of a screen reader is skipped.)" >&2
    fi
fi

# A browser for the test of the upload page: got where that is easy, else the test says that it is skipped.
if [ "${1:-window}" = tests ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    has_browser=no
    for program in chromium chromium-browser google-chrome; do
        if command -v "$program" >/dev/null 2>&1; then has_browser=yes; fi
    done
    if [ $has_browser = no ]; then
        echo "Installing a browser for the tests: chromium"
        DEBIAN_FRONTEND=noninteractive sh -c "apt-get update && apt-get install -y --no-install-recommends chromium" \
            >/dev/null || echo "(It could not be installed: the test in a browser is skipped.)" >&2
    fi
fi
[ -n "$packages" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
    command="apt-get update && apt-get install -y --no-install-recommends$packages"
    case "$packages" in *orthanc*) export RUNLEVEL=1 ;; esac  # the tests start their own; Debian would start a service
    if [ "$(id -u)" -eq 0 ]; then
        echo "Installing system libraries:$packages"
        if DEBIAN_FRONTEND=noninteractive sh -c "$command" >/dev/null; then
            exit 0
        fi
    fi
    echo "System libraries are missing. Please run this once, then try again:" >&2
    echo "    sudo sh -c '$command'" >&2
elif command -v dnf >/dev/null 2>&1; then
    wanted=""
    for soname in $sonames; do wanted="$wanted '$soname()(64bit)'"; done
    for program in $missing; do wanted="$wanted '*/$program'"; done  # dnf finds a package by the file that it brings
    echo "System libraries are missing. Please run this once, then try again:" >&2
    echo "    sudo dnf install$wanted" >&2
else
    echo "System libraries are missing; install them with your package manager, then try again:" >&2
    echo "   $sonames$missing (packages in Debian:$packages)" >&2
fi
exit 1
