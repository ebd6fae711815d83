namespace Latchkey.Storage;

/// <summary>What a room keeps in memory beside the writing session, so that rows that many requests touch are read once and written once per group.</summary>
/// <remarks>It lives and dies with the truth of the file: see the calls. Only the writer's thread uses it.</remarks>
internal interface ISessionCache
{
    /// <summary>The request that ran last is kept: what it changed is now the state.</summary>
    void KeepRequest();

    /// <summary>The request that ran last is undone: what it changed is to be forgotten.</summary>
    void UndoRequest();

    /// <summary>The group is about to be committed: write what is only here.</summary>
    void Flush(SqliteSession session);

    /// <summary>The database is about to close: write what <see cref="Flush"/> puts off because it can be reckoned again.</summary>
    void Close(SqliteSession session)
    {
    }

    /// <summary>The group was lost, or another process has written: nothing here can be believed.</summary>
    void Discard();
}
