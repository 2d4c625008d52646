#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Installs what is missing (Debian 12), builds, analyses datasets/ and shows the result; with the word `test` it runs all
# tests instead of showing files one by one. Run it from the top of the tree; sudo is used only if you are not root.
set -eu

what=${1:-show}
build=${GAIT_BUILD_DIR:-build}

needed="gcc dpkg-dev pkgconf meson ninja-build libfftw3-dev libsndfile1-dev libhdf5-dev libjansson-dev libzip-dev
        zlib1g-dev libxxhash-dev libexpat1-dev libcairo2-dev fonts-dejavu-core"
case $(dpkg --print-architecture) in amd64 | arm64) needed="$needed libisal-dev" ;; esac
needed_for_tests="g++ libcmocka-dev python3-h5py python3-pandas python3-xarray python3-h5netcdf octave mandoc poppler-utils parallel"

missing() {
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done
}

install_missing() {
    absent=$(missing "$@")
    [ -n "$absent" ] || return 0
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    echo "installing:" $absent
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $absent >/dev/null
}

build_program() {
    again=
    if [ -f "$build/build.ninja" ]; then again=--reconfigure; fi
    # The tests look again for what was not there when the program was built.
    if [ -z "$again" ] || [ "$what" = test ]; then
        said=$(meson setup $again "$build" 2>&1) || { echo "$said"; exit 1; }
    fi
    meson compile -C "$build" >"$build/compile.log" 2>&1 || { tail -n 40 "$build/compile.log"; exit 1; }
}

# One folder of datasets/ is one runner; all sensors in it belong to one run.
analyse_datasets() {
    out=$build/summaries
    mkdir -p "$out"
    for runner in datasets/*/; do
        name=$(basename "$runner")
        recordings=$(find "$runner" -maxdepth 1 -type f \( -name '*.csv' -o -name '*.csv.gz' -o -name '*.wav' \
            -o -name '*.flac' -o -name '*.h5' \) ! -name '*.truth.csv' | sort)
        echo
        echo "== $name"
        "$build/cli/gait" analyze $recordings -o "$out/$name.gait.h5"
        "$build/cli/gait" report "$out/$name.gait.h5" -o "$out/$name.html"
    done
}

# meson counts programs; the last line counts them for whoever reads the log.
run_tests() {
    status=0
    meson test -C "$build" --print-errorlogs >"$build/test.log" 2>&1 || status=$?
    count() { sed -n "s/^$1: *\([0-9]*\).*/\1/p" "$build/test.log" | tail -n 1 | grep . || echo 0; }
    passed=$(count Ok)
    failed=$(($(count Fail) + $(count Timeout) + $(count 'Unexpected Pass')))
    skipped=$(count Skipped)
    [ "$passed" -gt 0 ] || status=1
    [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
    [ "$status" -eq 0 ] || grep -v ' OK \| SKIP ' "$build/test.log" | tail -n 80
    echo
    echo "$passed passed, $failed failed, $skipped skipped"
    return "$status"
}

install_missing $needed
if [ "$what" = test ]; then install_missing $needed_for_tests; fi
build_program
analyse_datasets
if [ "$what" = test ]; then run_tests; fi
