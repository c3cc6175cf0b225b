#!/bin/sh
# Makes sure that browser tests find a Chromium: the machine's own, apt's, or Playwright's.
# $1: the folder of the virtual environment's programs.

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    "$name" --version >/dev/null 2>&1 && exit 0
done

if command -v apt-get >/dev/null 2>&1; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo"
    echo "Installing Chromium for the browser tests (apt)"
    $as_root apt-get update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends chromium >/dev/null
    chromium --version >/dev/null 2>&1 && exit 0
fi

echo "Installing Chromium for the browser tests (Playwright's own)"
exec "$1/playwright" install --with-deps chromium
