#!/bin/sh
# Before the image's own start: the password of the service db, which is in no file of the checkout.
# WORKBOOK_DB_PASSWORD decides; else the one that is kept; else a new one that nobody could guess.
set -eu
umask 077
kept=/run/workbook/password
if [ -n "${POSTGRES_PASSWORD:-}" ]; then
  printf %s "$POSTGRES_PASSWORD" >$kept
elif [ ! -s $kept ]; then
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >$kept
fi
POSTGRES_PASSWORD=$(cat $kept)
export POSTGRES_PASSWORD

# Data of an earlier start knows an earlier password: its roles get this one before anybody asks them.
if [ -s "$PGDATA/PG_VERSION" ]; then
  quoted=$(printf %s "$POSTGRES_PASSWORD" | sed "s/'/''/g")
  printf "ALTER ROLE workbook PASSWORD '%s'\nALTER ROLE nightwatch PASSWORD '%s'\n" "$quoted" "$quoted" |
    docker-entrypoint.sh postgres --single -D "$PGDATA" postgres >/dev/null 2>&1 ||
    echo "The password of the earlier start could not be changed." >&2
fi
exec docker-entrypoint.sh "$@"
