# Read by demo.sh and test.sh: installs what is missing, each thing once, and compiles. Changes nothing else on the machine.

say() { printf '== %s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 2
}

cd "$(dirname "$0")/.." || exit 2
# mkntfs and chronyd stand where the PATH of an ordinary user does not lead.
PATH="$PATH:/usr/sbin:/sbin"
export PATH
mkdir -p .cache

node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || fail 'Node.js is not installed; version 20 or later is needed'
[ "$node_major" -ge 20 ] || fail "Node.js $(node --version) is too old; version 20 or later is needed"
command -v npm >/dev/null || fail 'npm is not installed; it comes with Node.js'

if [ "$(id -u)" -eq 0 ]; then
  sudo=
elif command -v sudo >/dev/null; then
  sudo=sudo
else
  sudo=none
fi
as_root() {
  if [ "$sudo" = none ]; then return 1; fi
  $sudo "$@"
}

# Debian packages, by a program that each brings.
missing=
need() { command -v "$1" >/dev/null || missing="$missing $2"; }
need wimlib-imagex wimtools
need hivexregedit libwin-hivex-perl
need ntfssecaudit ntfs-3g
need setfattr attr
need qemu-img qemu-utils
need qemu-storage-daemon qemu-system-common
need mcopy mtools
need mkfs.vfat dosfstools
need sgdisk gdisk
need 7zz 7zip
need xmllint libxml2-utils
need makensis nsis
need msibuild msitools
need xorriso xorriso
# Batch files that ship inside the image run under wine; programs are taken apart and signed by tools that are not ours: only the tests do that.
if [ -n "${for_tests-}" ]; then
  need wine wine
  need objdump binutils
  need osslsigncode osslsigncode
fi
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null || fail "these Debian packages are missing, and there is no apt-get to install them:$missing"
  [ "$sudo" != none ] || fail "neither root nor sudo is here; install these Debian packages first:$missing"
  say "installing Debian packages:$missing"
  as_root apt-get update -q >.cache/apt.log 2>&1 || {
    cat .cache/apt.log >&2
    fail 'apt-get update failed'
  }
  # shellcheck disable=SC2086 # a list of names
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >.cache/apt.log 2>&1 || {
    cat .cache/apt.log >&2
    fail 'apt-get install failed'
  }
fi

# A browser looks at the HTML report in the tests; the demo does without it, and so does a machine that cannot have it.
if [ "${for_tests:-no}" = yes ] && ! command -v chromium >/dev/null; then
  say 'installing chromium for the tests of the HTML report'
  { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; } >>.cache/apt.log 2>&1 ||
    say 'chromium cannot be installed (.cache/apt.log says why): the tests that need it are skipped'
fi

# chronyd checks our chrony.conf. Its package would replace the time service of this machine, so the files alone are unpacked here.
unpack() {
  (cd .cache/chrony && apt-get download -q -o APT::Sandbox::User="$(id -un)" "$1" >>../apt.log 2>&1 && dpkg-deb -x "$1"_*.deb .)
}
libraries=
chrony_runs() { LD_LIBRARY_PATH=$libraries "$1" -v >/dev/null 2>&1; }
if chronyd=$(command -v chronyd) && chrony_runs "$chronyd"; then
  :
elif [ -x .cache/chrony/chronyd ] && chrony_runs .cache/chrony/chronyd; then
  WTGFORGE_CHRONYD=$PWD/.cache/chrony/chronyd
  export WTGFORGE_CHRONYD
else
  say 'unpacking chronyd into .cache/chrony (its package is not installed)'
  rm -rf .cache/chrony
  mkdir -p .cache/chrony
  unpack chrony || {
    as_root apt-get update -q >>.cache/apt.log 2>&1 && unpack chrony
  } || fail 'the package chrony cannot be downloaded; .cache/apt.log says why'
  libraries=$PWD/.cache/chrony/usr/lib/$(uname -m)-linux-gnu:$PWD/.cache/chrony/lib/$(uname -m)-linux-gnu
  # Its libraries, where this machine lacks them; same way.
  if ! chrony_runs .cache/chrony/usr/sbin/chronyd; then
    for package in libcap2 libedit2 libbsd0 libmd0 libgnutls30 libnettle8 libhogweed6 libseccomp2; do unpack "$package" || :; done
  fi
  {
    echo '#!/bin/sh'
    echo "LD_LIBRARY_PATH='$libraries' exec '$PWD/.cache/chrony/usr/sbin/chronyd' \"\$@\""
  } >.cache/chrony/chronyd
  chmod +x .cache/chrony/chronyd
  chrony_runs .cache/chrony/chronyd || fail 'the unpacked chronyd does not run; see: ldd .cache/chrony/usr/sbin/chronyd'
  rm -f .cache/chrony/*.deb
  WTGFORGE_CHRONYD=$PWD/.cache/chrony/chronyd
  export WTGFORGE_CHRONYD
fi

packages=$({ cat package-lock.json && node --version; } | sha256sum | cut -d' ' -f1)
if [ "$(cat node_modules/.wtgforge-stamp 2>/dev/null)" != "$packages" ]; then
  say 'installing npm packages of the lock file (npm ci)'
  npm ci --no-audit --no-fund --loglevel=error || fail 'npm ci failed'
  printf '%s\n' "$packages" >node_modules/.wtgforge-stamp
fi

say 'compiling to dist/ (nothing to do when no source changed)'
node --import tsx scripts/dev/build.ts || fail 'the build failed'
