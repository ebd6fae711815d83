using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Latchkey.Storage;

/// <summary>A prepared statement without the driver between: for the few that run several times in every sale.</summary>
/// <remarks>
/// Bind the parameters 1, 2, … and call <see cref="Run"/>, or <see cref="Step"/> while it is true; a statement that was stepped is reset by
/// the next binding of its first parameter. Values that SQLite copies are bound without an object each, which is the point of it.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    private const int LongestOnStack = 256;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int index, long value)
    {
        if (index == 1) Reset();
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value) => value is { } there ? Bind(index, there) : BindNull(index);

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        if (index == 1) Reset();
        Check(raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    /// <summary>As 16 bytes in network order.</summary>
    public SqliteStatement Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(index, bytes);
    }

    public SqliteStatement Bind(int index, Guid? value) => value is { } there ? Bind(index, there) : BindNull(index);

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        if (index == 1) Reset();
        int longest = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> bytes = longest <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[longest];
        Check(raw.sqlite3_bind_text(_statement, index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        return this;
    }

    public SqliteStatement BindNull(int index)
    {
        if (index == 1) Reset();
        Check(raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    /// <summary>Runs a statement that gives no rows and returns how many it changed.</summary>
    public int Run()
    {
        int result = raw.sqlite3_step(_statement);
        Reset();
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(result);
        return raw.sqlite3_changes(_database);
    }

    /// <summary>True while there is a row, whose columns can be read until the next step.</summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        Reset();
        if (result != raw.SQLITE_DONE) Check(result);
        return false;
    }

    /// <summary>Lets go of the row and of what it locks.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long? IntegerOrNull(int column) => IsNull(column) ? null : Integer(column);

    /// <summary>Bytes inside the engine: copy them before the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : Blob(column).ToArray();

    public Guid Id(int column) => new(Blob(column), bigEndian: true);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _database);
    }
}
