namespace Latchkey.Metrology;

/// <summary>What the event log of the legally relevant part tells; as stored and transmitted.</summary>
public enum LegalEventKind
{
    /// <summary>First entry of every log.</summary>
    LogCleared = 1,

    ParametersChanged = 2,

    /// <summary>A change was tried with the seal closed.</summary>
    ParametersRefused = 3,
}

/// <summary>One entry.</summary>
/// <param name="Number">From 0, never given twice.</param>
/// <param name="Kind">What happened.</param>
/// <param name="SampleCount">When, on the meter's own clock of samples.</param>
/// <param name="Changes">The change counter then.</param>
public readonly record struct LegalEvent(uint Number, LegalEventKind Kind, long SampleCount, uint Changes);

/// <summary>The last 128 events of the legally relevant part. No function clears it; a refusal that repeats takes one place only.</summary>
internal sealed class LegalEvents
{
    public const int Capacity = 128;
    private readonly LegalEvent[] _ring = new LegalEvent[Capacity];
    private uint _count;

    public LegalEvents() => Add(LegalEventKind.LogCleared, 0, 0);

    public uint Count => _count;

    public void Add(LegalEventKind kind, long samples, uint changes)
    {
        // Someone who knocks again and again must not push the changes out of the log.
        bool repeats = _count > 0 && kind == LegalEventKind.ParametersRefused && _ring[(_count - 1) % Capacity].Kind == kind;
        if (repeats) return;
        _ring[_count % Capacity] = new(_count, kind, samples, changes);
        _count++;
    }

    public bool TryGet(uint number, out LegalEvent entry)
    {
        entry = default;
        if (number >= _count || _count - number > Capacity) return false;
        entry = _ring[number % Capacity];
        return true;
    }
}
