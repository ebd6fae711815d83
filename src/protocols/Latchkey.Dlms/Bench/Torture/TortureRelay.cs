namespace Latchkey.Dlms.Bench.Torture;

/// <summary>What a line does to packets, each in percent.</summary>
/// <param name="Loss">Lost.</param>
/// <param name="Twice">Delivered twice.</param>
/// <param name="Corrupted">One bit flipped.</param>
/// <param name="Late">Seconds late, and so behind others that were sent after it.</param>
/// <param name="Cut">The connection ends here.</param>
internal readonly record struct LineFaults(int Loss, int Twice, int Corrupted, int Late, int Cut);

/// <summary>Carries packets between a client and a server in virtual time, and mistreats them by a seed.</summary>
internal sealed class TortureRelay(VirtualTime time, uint seed, LineFaults faults)
{
    private readonly PriorityQueue<Packet, (long Due, long Order)> _under = new();
    private uint _state = seed;
    private long _order;

    /// <summary>A packet at its destination; one that is cut carries nothing.</summary>
    public readonly record struct Packet(bool ToServer, byte[] Octets, bool IsCut);

    public void Send(bool toServer, ReadOnlySpan<byte> octets)
    {
        if (Chance(faults.Cut))
        {
            Enqueue(new Packet(toServer, [], IsCut: true), late: false);
            return;
        }

        int copies = Chance(faults.Twice) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            if (Chance(faults.Loss)) continue;
            byte[] copy = octets.ToArray();
            if (Chance(faults.Corrupted)) copy[Next() % (uint)copy.Length] ^= (byte)(1 << (int)(Next() % 8));
            Enqueue(new Packet(toServer, copy, IsCut: false), Chance(faults.Late));
        }
    }

    /// <summary>The next packet that arrives before a time; where there is none, the time is reached.</summary>
    public bool TryArrive(long untilMs, out Packet packet)
    {
        packet = default;
        if (!_under.TryPeek(out _, out (long Due, long Order) due) || due.Due > untilMs)
        {
            time.AdvanceTo(untilMs);
            return false;
        }

        packet = _under.Dequeue();
        time.AdvanceTo(due.Due);
        return true;
    }

    /// <summary>The connection is gone, with all that was under way.</summary>
    public void Drop() => _under.Clear();

    public uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state;
    }

    private bool Chance(int percent) => percent > 0 && Next() % 100 < (uint)percent;

    private void Enqueue(Packet packet, bool late)
    {
        long delay = late ? 1_000 + (Next() % 8_000) : faults.Late > 0 ? 5 + (Next() % 200) : 20;
        _under.Enqueue(packet, (time.NowMs + delay, _order++));
    }
}
