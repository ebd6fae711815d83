using Microsoft.Data.Sqlite;

namespace Latchkey.Storage;

/// <summary>Folds the write-ahead log into the database's file beside the writer, whose commits would otherwise wait for it.</summary>
/// <remarks>
/// A pass copies what the log had at its beginning while the writer goes on appending, so each pass leaves less than the one before. The last piece,
/// a few commits, is the writer's own, between two groups and after their answers: only while nobody appends can the log be folded whole and begin
/// again from its start. Nothing here guards the money: until a page is folded it stands in the log, where every reader finds it.
/// </remarks>
internal sealed class SqliteCheckpointer(Func<SqliteSession> open, int framesBetween) : IDisposable
{
    private const int Passes = 3;

    private readonly AutoResetEvent _wake = new(initialState: false);
    private Thread? _thread;
    private long _frames;
    private volatile State _state;
    private volatile bool _closing;

    private enum State
    {
        Gathering,
        Folding,
        LastPiece,
    }

    /// <summary>Called by the writer after each of its commits, outside any transaction and when its answers are on their way.</summary>
    public void AfterCommit(SqliteSession writer)
    {
        _frames += writer.TakePagesWritten();
        if (_state == State.LastPiece)
        {
            // Where an old reader still needs a part of the log, it is tried again soon.
            _frames = writer.TryCheckpoint() ? 0 : framesBetween - (framesBetween / 8);
            _state = State.Gathering;
        }
        else if (_state == State.Gathering && _frames >= framesBetween)
        {
            _state = State.Folding;
            Start();
        }
    }

    public void Dispose()
    {
        _closing = true;
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    /// <summary>Most databases never grow a log that needs it, so the thread is made when the first one does.</summary>
    private void Start()
    {
        if (_thread is null)
        {
            _thread = new Thread(Work) { IsBackground = true, Name = "Latchkey checkpoints" };
            _thread.Start();
        }

        _wake.Set();
    }

    private void Work()
    {
        SqliteSession? session = null;
        while (_wake.WaitOne() && !_closing)
        {
            try
            {
                session ??= Open();
                for (int pass = 0; pass < Passes && !_closing; pass++) session.TryCheckpoint();
            }
            catch (Exception e) when (e is SqliteException or StorageException)
            {
                // The log still has everything and is tried again; the writer's next commit says what the disk says.
            }

            _state = State.LastPiece;
        }

        session?.Dispose();
    }

    private SqliteSession Open()
    {
        SqliteSession session = open();

        // A connection finds the log at its first reading; without it a checkpoint does nothing and says that all is well.
        session.Scalar<long>("SELECT count(*) FROM sqlite_schema");
        return session;
    }
}
