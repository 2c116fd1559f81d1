"""What each condition of PostgreSQL means that this stack can meet, by its SQLSTATE."""

CONDITIONS = {
    "08001": "The client could not reach the server: look at the host, the port and the network.",
    "08003": "The connection is not there any more: take another one, and do the work again.",
    "08004": "The server refused the connection; its message says why.",
    "08006": "The connection broke. Take another one; whether the last COMMIT was done is open.",
    "08P01": "The two sides do not understand each other: a pooler between them, or two tasks on"
    " one connection, is a usual reason.",
    "0A000": "PostgreSQL does not do this, or not for this object; the message names the part."
    " Look for the form that its manual has for the same aim.",
    "0LP01": "This role may not grant that right, or not to this role.",
    "0P000": "The role of SET ROLE, or of a grant, is none that this role may take.",
    "20000": "A CASE of PL/pgSQL fits none of its branches: add an ELSE.",
    "21000": "A query gave another number of rows than may stand there: one, in most places.",
    "22000": "A value is not what its place needs; the message says what is wrong with it.",
    "22001": "A text is longer than its column, `varchar(n)`, allows.",
    "22003": "A number is outside of the range of its type: take a wider one (bigint, numeric), or"
    " look where the number comes from.",
    "22004": "A null stands where none may: an argument of a function, for example.",
    "22005": "A value cannot be assigned to its target: look at the types of the two.",
    "22007": "A text is no date and no time: give ISO 8601, such as 2026-03-01 12:00:00+00.",
    "22008": "A date or a time is outside of what there is, such as the 30th of February, or day"
    " and month are in another order.",
    "22009": "A time zone is none: give a name such as Europe/Paris, or an offset such as +02:00.",
    "2200B": "The ESCAPE of a LIKE is in conflict with the pattern.",
    "2200D": "The escape of a bytea is none: `\\x` and hex digits, or send bytes as a parameter.",
    "2200F": "An empty text stands where one letter at least is needed.",
    "2200G": "Rows, or the parts of a composite value, have other types than are expected there.",
    "2200H": "A sequence has given its last number: make it, and its column, a bigint.",
    "2200M": "The text is no XML document.",
    "2200N": "The text is no XML content.",
    "22011": "`substring` got a negative length, or a wrong position.",
    "22012": "Something is divided by zero: `value / NULLIF(divisor, 0)` gives null instead.",
    "22013": "The frame of a window has a negative size.",
    "22014": "`ntile` needs a number above zero.",
    "22015": "An interval is too long for its type, or its parts overflow.",
    "22016": "`nth_value` needs a number above zero.",
    "22018": "A text cannot be cast to the type that is wanted.",
    "22019": "ESCAPE takes one letter only.",
    "2201B": "The pattern is no regular expression of PostgreSQL's: brackets that do not close, a"
    " `*` with nothing before it, or a form of Python's. A pattern from a user belongs to `LIKE`,"
    " or is refused before.",
    "2201E": "A logarithm is taken of zero or of a negative number.",
    "2201F": "A power has no real result: zero to a negative, or a root of a negative number.",
    "2201G": "`width_bucket` got bounds that are equal, or a count that is not above zero.",
    "2201W": "LIMIT got a negative number.",
    "2201X": "OFFSET got a negative number: page 0, where pages begin at 1.",
    "22021": "A text has bytes that its encoding does not have, such as a zero byte.",
    "22023": "A parameter has a value that is not allowed for it: a setting, a unit such as that"
    " of `date_trunc`, a time zone, or an argument of a function. The message names it.",
    "22025": "A pattern ends in its escape, or the escape is followed by a letter that it does not"
    " take: a backslash from a user is doubled for `LIKE`.",
    "22026": "A value has another length than its type wants exactly, such as `bit(n)`.",
    "22027": "`trim` takes one letter only here.",
    "2202E": "The index of an array, or the shape of an array of arrays, is not right.",
    "2202H": "The argument of TABLESAMPLE is none: a percentage lies between 0 and 100.",
    "22030": "A key stands twice in a JSON object that is to have unique keys.",
    "22031": "A JSON path reads a text as a date or a time, and it is none of this format.",
    "22032": "The text is no JSON.",
    "22033": "The index in a JSON path is none, or outside of the array.",
    "22034": "A JSON path gave several values where one may stand: `[0]`, or a query of a set.",
    "22035": "A JSON path found nothing, where a value is needed.",
    "22036": "A JSON path calculates with a value that is no number.",
    "22038": "A JSON path needs one value on each side of this operator.",
    "22039": "A JSON path in strict mode wants an array, and there is none.",
    "2203A": "A JSON path in strict mode asks for a key that the object does not have.",
    "2203B": "A JSON path in strict mode wants a number.",
    "2203C": "A JSON path in strict mode wants an object.",
    "2203F": "A JSON path wants a plain value, and got an object or an array.",
    "2203G": "The value in the JSON cannot be cast to the type that is asked for.",
    "22P01": "A calculation with floats overflowed, or has no result.",
    "22P02": "A text cannot be read as the type of its place: a number, a UUID, an enum, JSON. The"
    " message shows the text and the type.",
    "22P03": "Bytes that the driver sent are not of the type that the server expects: the value or"
    " the codec of the driver belongs to another type.",
    "22P04": "The file or the rows of a COPY are not in the format that it was told.",
    "22P05": "A letter has no place in the other encoding; for JSONB, `\\u0000` is such a letter.",
    "22P06": "A backslash stands in a text without E before its quotes.",
    "23000": "A constraint refuses the row; the message names it.",
    "23001": "A row is still referred to, and its foreign key says RESTRICT: delete or change the"
    " rows that refer to it first.",
    "23502": "A column that is NOT NULL got no value; the message names it.",
    "23503": "A foreign key has nothing to point to, or the row is still pointed to; DETAIL says.",
    "23505": "A row with this value is there already; DETAIL shows it.",
    "23514": "A CHECK refuses the row; the message names it.",
    "23P01": "An exclusion constraint refuses the row: it overlaps with another one.",
    "24000": "The cursor is not open, or not on a row.",
    "25000": "The transaction is in another state than this command needs.",
    "25001": "This command does not run inside of a transaction, or not after its first statement:"
    " a connection with AUTOCOMMIT, or `autocommit_block()` of Alembic, runs it alone.",
    "25006": "The transaction only reads: it was begun so, or the server is a standby, or its"
    " default says so. Write on the primary, in a transaction that may.",
    "25P01": "This command needs a transaction, and none is open: begin one.",
    "25P02": "An earlier statement of this transaction failed, and all that follows is refused."
    " The first error is the one to look for; then `rollback()`.",
    "25P03": "The transaction did nothing for longer than `idle_in_transaction_session_timeout`:"
    " end transactions before you wait for anything else.",
    "25P04": "The transaction took longer than `transaction_timeout`: make it shorter, or the"
    " limit larger for it.",
    "26000": "The prepared statement of this name is not on this connection: behind a pooler, the"
    " connection is another one each time; set `statement_cache_size=0`.",
    "27000": "A trigger changes the row that its statement is changing: do it in an AFTER trigger,"
    " or change `NEW`.",
    "28000": "The server does not let this role in: there is no such role, it may not log in, or"
    " pg_hba.conf has no line for it.",
    "28P01": "The password of this role is another one.",
    "2B000": "Others have rights that this role granted: REVOKE … CASCADE, or theirs first.",
    "2BP01": "Other objects depend on this one; DETAIL names them. Drop them first, or CASCADE.",
    "2D000": "A COMMIT or ROLLBACK stands where none may: in a function, or in a block that"
    " catches errors.",
    "2F003": "A function uses a statement that may not stand in it.",
    "2F005": "A function came to its end without RETURN.",
    "34000": "There is no cursor of this name: it lives until its transaction ends, unless it is"
    " WITH HOLD.",
    "39004": "A null was given to, or came from, a function that takes none.",
    "39P01": "A trigger function returned something else than a row or null.",
    "3B001": "There is no savepoint of this name: it was released, or its transaction has ended.",
    "3D000": "There is no database of this name on this server.",
    "3F000": "There is no schema of this name: `CREATE SCHEMA`, or another `search_path`.",
    "40000": "The transaction was undone; do the whole of it again.",
    "40001": "Another transaction came between, so this one was undone: do the whole of it again.",
    "40002": "The transaction was undone, because a constraint did not hold at its end.",
    "40003": "Nobody knows whether the statement was done: ask the database before you repeat it.",
    "40P01": "Two transactions waited for each other, so this one was undone: do it again, and"
    " lock the rows in the same order everywhere.",
    "42000": "The statement is no SQL that may stand there, or this role may not run it.",
    "42501": "This role lacks a right; the message names the object. GRANT gives it, or the owner"
    " of the object runs the statement.",
    "42601": "PostgreSQL cannot read the statement; the message has the word where it stopped, and"
    " the fault is there or right before it.",
    "42602": "A name has a form that is not allowed.",
    "42611": "A column is declared with parts that exclude each other.",
    "42622": "A name is longer than 63 bytes.",
    "42701": "A column of this name is there already, or is named twice in the statement.",
    "42702": "A name may mean several columns: write the table before it, `team.id`.",
    "42703": "The table, or the row of the query, has no column of this name.",
    "42704": "A type, a role, a constraint or another object of this name does not exist.",
    "42710": "An object of this name is there already, such as a type, a role or a constraint.",
    "42712": "Two tables of the FROM have the same name: give one of them an alias.",
    "42723": "A function with this name and these arguments is there already: CREATE OR REPLACE.",
    "42725": "Several functions, or operators, fit these arguments: cast them, `CAST(… AS type)`.",
    "42803": "A column stands outside of GROUP BY, or an aggregate where none may stand: group by"
    " the column, or put the condition on the aggregate into HAVING.",
    "42804": "Two types meet that do not fit: cast one of them, `CAST(… AS type)`.",
    "42809": "The object is of another kind than this command is for, such as a view for a table;"
    " or a function is called as if it were an aggregate or a window function.",
    "42830": "The foreign key points to columns that are not unique, or names another number of"
    " columns than it points to.",
    "42846": "There is no cast between these two types: go through text, or through the key of a"
    " JSON value, `->>`.",
    "42883": "There is no function or operator of this name for arguments of these types; the"
    " message shows the types. Cast the argument, or install its extension.",
    "428C9": "The column makes its own value (GENERATED): leave it out of the INSERT or UPDATE.",
    "42939": "The name is reserved for PostgreSQL, such as one that begins with `pg_`.",
    "42P01": "There is no table of this name in the schemas of `search_path`.",
    "42P02": "The statement has a parameter `$n` that is not given, or where none may stand.",
    "42P03": "A cursor of this name is open already.",
    "42P04": "A database of this name is there already.",
    "42P05": "A prepared statement of this name is on this connection already: usual behind a"
    " pooler; set `statement_cache_size=0`, or a name that is unique.",
    "42P06": "A schema of this name is there already: CREATE SCHEMA IF NOT EXISTS.",
    "42P07": "A table, an index or a view of this name is there already.",
    "42P08": "A parameter has two types in one statement: cast it, `CAST(:n AS integer)`.",
    "42P09": "An alias may mean several things: choose another one.",
    "42P10": "ON CONFLICT, ORDER BY or DISTINCT names a column or a constraint that does not fit"
    " the rest of the statement.",
    "42P11": "The cursor is declared for a statement, or with options, that it cannot have.",
    "42P12": "An option of CREATE DATABASE is not allowed, or not with the others.",
    "42P13": "The function is declared in a way that is not allowed, such as with another result"
    " than the one of this name has: DROP FUNCTION first.",
    "42P14": "PREPARE, or the driver, got something that cannot be prepared.",
    "42P15": "CREATE SCHEMA has parts that do not fit it.",
    "42P16": "The table or the view cannot have this form: two primary keys, a NOT NULL that"
    " contradicts its parent, or a view whose columns would change their order or type.",
    "42P17": "The object is declared in a way that is not allowed: an index or a generated column"
    " with an expression that may change, partitions that overlap, rules that recur.",
    "42P18": "PostgreSQL cannot tell the type of a parameter or a null: `CAST(:n AS text)`.",
    "42P19": "WITH RECURSIVE has a form that is not allowed: a UNION of a start and one step, and"
    " the step names the query once.",
    "42P20": "A window function stands where none may, such as in WHERE: put it in a subquery, and"
    " the condition around it.",
    "42P21": "Two collations meet: write `COLLATE …` behind one of the texts.",
    "42P22": "PostgreSQL cannot tell the collation: write `COLLATE …` behind the text.",
    "44000": "The row does not fit the WHERE of its view, which was made WITH CHECK OPTION.",
    "53000": "The server has run out of something; the message says of what.",
    "53100": "The disk of the server is full: free space there before anything else.",
    "53200": "The server has no memory left for this: a smaller statement or transaction, fewer"
    " connections, or a larger setting; the HINT names one.",
    "53300": "The server has no connection left: smaller pools, fewer processes, or a pooler.",
    "53400": "A limit of the configuration is reached; the message names it.",
    "54000": "Something is over a limit of PostgreSQL's, such as the size of a row of an index.",
    "54001": "The statement is nested too deeply, or a function or a trigger calls itself without"
    " end.",
    "54011": "A table or a result has too many columns: a table takes 1600 at most.",
    "54023": "A function got too many arguments: 100 is the most.",
    "55000": "The object is not in the state that this needs: a sequence whose `nextval` this"
    " session has not called yet, a view that takes no writes, a `wal_level` that is too low. The"
    " message says which.",
    "55006": "Somebody else uses the object, such as a database that others are connected to: end"
    " their connections, or `DROP DATABASE … WITH (FORCE)`.",
    "55P02": "This setting is fixed while the server runs: change its configuration, and restart.",
    "55P03": "Somebody else holds the lock, and this statement would not wait, or no longer: try"
    " again, and look in `pg_stat_activity` who holds it.",
    "55P04": "A value was added to an enum in this transaction, and is used in it: COMMIT between"
    " the two.",
    "57000": "An operator, or a setting of the server, stopped this.",
    "57014": "The statement was cancelled: by `statement_timeout`, by the driver's own timeout, or"
    " by somebody. The message says which.",
    "57P01": "The server was told to end this connection, or to stop: connect again.",
    "57P02": "The server ended all connections, because one of its processes crashed: connect"
    " again, and read its log.",
    "57P03": "The server starts or stops, and takes no work: wait, and try again.",
    "57P04": "The database was dropped while this connection was in it.",
    "57P05": "The connection did nothing for longer than `idle_session_timeout`: connect again,"
    " and let the pool renew its connections earlier (`pool_recycle`).",
    "58030": "The server could not read or write one of its files; its log says more.",
    "58P01": "The server has no such file: of an extension that is not installed there, or of a"
    " path of COPY, which is one of the server's machine.",
    "P0000": "PL/pgSQL failed in a function or a DO block; the message and CONTEXT say where.",
    "P0001": "A function or a trigger raised this itself, with RAISE; the message is its own.",
    "P0002": "SELECT INTO STRICT of PL/pgSQL found no row.",
    "P0003": "SELECT INTO STRICT of PL/pgSQL found several rows.",
    "P0004": "An ASSERT of PL/pgSQL does not hold.",
    "XX000": "PostgreSQL met a state that it does not expect. After a table or a type was made"
    " anew, new connections help; else its log says more.",
    "XX001": "The server found damaged data: stop writing, and look for a backup.",
    "XX002": "An index is damaged: REINDEX makes it anew; then look for the reason.",
}
"""SQLSTATE → a sentence or two, with what to do about it."""
