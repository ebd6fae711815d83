using Microsoft.Data.Sqlite;

namespace Latchkey.Storage;

/// <summary>One connection with its prepared statements. Parameters are positional: ?1, ?2 and so on.</summary>
/// <remarks>Used by one thread at a time. Statements are kept by their text, so the text must be a constant, never built from values.</remarks>
public sealed class SqliteSession : IDisposable
{
    /// <summary>More texts than this means that somebody builds statements from values.</summary>
    private const int StatementLimit = 512;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement> _fast = new(StringComparer.Ordinal);
    private readonly List<ISessionCache>? _caches;
    private readonly SessionCompanions _companions;
    private long _dataVersion = -1;

    /// <param name="isWriter">Only the writer's session has caches: it alone knows what it has changed.</param>
    /// <param name="companions">What the database's owner has attached for its rooms.</param>
    internal SqliteSession(SqliteConnection connection, SessionCompanions companions, bool isWriter = false)
    {
        _companions = companions;
        _connection = connection;
        _caches = isWriter ? [] : null;
    }

    internal bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0;

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Every row, read by <paramref name="read"/>.</summary>
    public IReadOnlyList<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> parameters)
    {
        using SqliteDataReader rows = Prepare(sql, parameters).ExecuteReader();
        List<T> result = [];
        while (rows.Read()) result.Add(read(rows));
        return result;
    }

    /// <summary>The first row, or the default of <typeparamref name="T"/> where there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> parameters)
    {
        using SqliteDataReader rows = Prepare(sql, parameters).ExecuteReader();
        return rows.Read() ? read(rows) : default;
    }

    /// <summary>Each row in turn, for results that are too long to hold. <paramref name="row"/> returns false to stop.</summary>
    public void ForEach(string sql, Func<SqliteDataReader, bool> row, params ReadOnlySpan<object?> parameters)
    {
        using SqliteDataReader rows = Prepare(sql, parameters).ExecuteReader();
        while (rows.Read() && row(rows))
        {
        }
    }

    /// <summary>The statement of this text, prepared once, without the driver between.</summary>
    internal SqliteStatement Statement(string sql)
    {
        if (_fast.TryGetValue(sql, out SqliteStatement? known)) return known;
        if (_fast.Count >= StatementLimit) throw new InvalidOperationException("Too many statements; is one built from values?");
        var made = new SqliteStatement(_connection.Handle!, sql);
        _fast.Add(sql, made);
        return made;
    }

    /// <summary>The first column of the first row; throws where there is none.</summary>
    public T Scalar<T>(string sql, params ReadOnlySpan<object?> parameters) => Prepare(sql, parameters).ExecuteScalar() switch
    {
        null or DBNull => throw new InvalidOperationException("The query gave no value: " + sql),
        var value => (T)value,
    };

    /// <summary>The room's cache beside this session, made at its first use; null on a reading session.</summary>
    internal T? Cache<T>() where T : class, ISessionCache, new()
    {
        if (_caches is null) return null;
        foreach (ISessionCache cache in _caches)
        {
            if (cache is T known) return known;
        }

        var made = new T();
        _caches.Add(made);
        return made;
    }

    /// <summary>What was attached to the database for its rooms; null where nothing of the kind was.</summary>
    internal T? Companion<T>() where T : class => _companions.Find<T>();

    internal void ForEachCache(Action<ISessionCache> call) => _caches?.ForEach(call);

    /// <summary>Inside a transaction: forgets the caches when another process has written since the last look.</summary>
    internal void DiscardStaleCaches()
    {
        SqliteStatement pragma = Statement("PRAGMA data_version");
        long version = pragma.Step() ? pragma.Integer(0) : 0;
        pragma.Reset();
        if (version != _dataVersion) ForEachCache(cache => cache.Discard());
        _dataVersion = version;
    }

    /// <summary>Pages this connection has written since the last call: the frames it has added to the write-ahead log.</summary>
    internal long TakePagesWritten()
    {
        const int CacheWrite = 9; // sqlite3.h: SQLITE_DBSTATUS_CACHE_WRITE
        SQLitePCL.raw.sqlite3_db_status(_connection.Handle!, CacheWrite, out int pages, out _, resetFlg: 1);
        return pages;
    }

    /// <summary>Copies the write-ahead log into the file as far as readers allow, waiting for nobody; true where all of it was copied.</summary>
    internal bool TryCheckpoint()
    {
        int result = SQLitePCL.raw.sqlite3_wal_checkpoint_v2(
            _connection.Handle!, "main", SQLitePCL.raw.SQLITE_CHECKPOINT_PASSIVE, out int frames, out int copied);
        return result == SQLitePCL.raw.SQLITE_OK && frames == copied;
    }

    /// <summary>Several statements in one text, without parameters; not kept.</summary>
    internal void ExecuteScript(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // the text is a constant of the program: a migration or a pragma
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    internal void RollBackIfOpen()
    {
        if (InTransaction) Execute("ROLLBACK");
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _fast.Values) statement.Dispose();
        _fast.Clear();
        foreach (SqliteCommand statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!_statements.TryGetValue(sql, out SqliteCommand? command))
        {
            command = Create(sql, parameters.Length);
            _statements.Add(sql, command);
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            SqliteParameter parameter = command.Parameters[i];
            parameter.ResetSqliteType();
            parameter.Value = parameters[i] ?? DBNull.Value;
        }

        return command;
    }

    private SqliteCommand Create(string sql, int parameterCount)
    {
        if (_statements.Count >= StatementLimit) throw new InvalidOperationException("Too many statements; is one built from values?");

        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // see the remark of the class
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 1; i <= parameterCount; i++) command.Parameters.Add(new SqliteParameter { ParameterName = ParameterNames.Of(i) });
        return command;
    }

    private static class ParameterNames
    {
        private static readonly string[] Names =
            [.. Enumerable.Range(0, 64).Select(i => "?" + i.ToString(System.Globalization.CultureInfo.InvariantCulture))];

        public static string Of(int index) => Names[index];
    }
}
