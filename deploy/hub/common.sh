# shellcheck shell=bash disable=SC2034
# What `up` and `down` share.
ROOM=/srv/nightwatch-hub
PROXY_ACCOUNT=nw-hub-proxy
BOARD_ACCOUNT=nw-hub-board
UNIT=/etc/systemd/system/nightwatch-hub.service

fail() {
    echo "$1" >&2
    exit 1
}

is_number() {
    case $1 in '' | *[!0-9]*) return 1 ;; esac
}

must_be_root() {
    [ "$(id -u)" = 0 ] || fail "Run this as root: each learner gets an account of this machine."
}

has_systemd() {
    [ -d /run/systemd/system ]
}

# The accounts that were made for this room: those whose home is in its folder.
accounts() {
    getent passwd | awk -F: -v room="$ROOM/" 'index($6, room) == 1 { print $1 }'
}

# The hub's process, or nothing; the number alone may belong to somebody else by now.
hub_process() {
    local pid
    pid=$(cat "$ROOM/hub/hub.pid" 2>/dev/null) || return 0
    if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$ROOM/checkout/"; then
        echo "$pid"
    fi
}
