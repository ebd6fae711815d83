using Latchkey.Storage;

namespace Latchkey.Server.SelfCheck;

/// <summary>The database takes a write.</summary>
internal sealed class StorageProbe(SqlitePulse pulse, TimeProvider time) : IVitalProbe
{
    public const string Database = "database", NotWritable = "database-not-writable";

    public IReadOnlyList<string> Names { get; } = [Database];

    public bool IsOfTheServer => true;

    // Each look is a commit.
    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async ValueTask<IReadOnlyList<Vital>> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pulse.BeatAsync(time.GetUtcNow(), cancellationToken);
            return [Vital.Well(Database)];
        }
        catch (StorageException e)
        {
            return [new Vital(Database, VitalState.Failing, NotWritable, e.Message)];
        }
    }
}
