namespace Latchkey.Vending.Programmes;

/// <summary>The programmes that run, as they were a moment ago: a sale asks for them, and must not read them each time.</summary>
internal sealed class RunningProgrammes(IKeyProgrammeStore store, KeyProgrammeOptions settings, TimeProvider time)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<ProgrammeRecord> _known = [];
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    public IReadOnlyList<ProgrammeRecord> Now()
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            // A clock that was set back must not keep an old picture alive.
            if (now >= _readAt && now - _readAt < settings.Believed) return _known;
            _known = [.. store.List().Where(p => p.State == ProgrammeState.Running)];
            _readAt = now;
            return _known;
        }
    }

    public void Forget()
    {
        lock (_gate) _readAt = DateTimeOffset.MinValue;
    }
}
