#!/bin/sh
# The reference app's own role and database, with a password of its own in a file that only the app can read.
set -eu
umask 077
kept=/run/app/pgpass
[ -s $kept ] || printf 'db:5432:app:app:%s\n' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" >$kept
chown 10001 $kept /run/app
APP_PASSWORD=$(cut -d: -f5 $kept)
PGPASSWORD=$(cat /run/workbook/password)
export APP_PASSWORD PGPASSWORD
exec psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=/docker/app-database.sql
