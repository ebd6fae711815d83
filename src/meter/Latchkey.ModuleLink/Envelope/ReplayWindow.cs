namespace Latchkey.ModuleLink.Envelope;

/// <summary>The counters a receiver has seen: the highest, and which of the 32 below it.</summary>
/// <remarks>
/// A value, so that a receiver can make the new window durable before it acts on the message. Several channels may overtake each other
/// by up to 32 messages; older ones are refused unread. The first counter is 1. Source: the sliding window of RFC 4303, 3.4.3.
/// </remarks>
/// <param name="Highest">The highest counter accepted, 0 for none.</param>
/// <param name="Seen">Bit n set: counter <c>Highest - 1 - n</c> was accepted.</param>
public readonly record struct ReplayWindow(uint Highest, uint Seen)
{
    public const int Size = 32;

    /// <summary>False for a counter that was accepted before, is too old to tell, or is 0.</summary>
    public bool TryAccept(uint counter, out ReplayWindow next)
    {
        next = this;
        if (counter == 0 || counter == Highest) return false;
        if (counter > Highest)
        {
            next = new ReplayWindow(counter, ShiftedBy(counter - Highest));
            return true;
        }

        uint age = Highest - counter - 1;
        if (age >= Size || (Seen & (1u << (int)age)) != 0) return false;
        next = this with { Seen = Seen | (1u << (int)age) };
        return true;
    }

    /// <summary>A window that refuses everything up to <paramref name="counter"/>: for a receiver that lost what it had seen.</summary>
    public static ReplayWindow StartingAfter(uint counter) => new(counter, uint.MaxValue);

    private uint ShiftedBy(uint distance)
    {
        if (distance > Size) return 0;
        ulong withHighest = ((ulong)Seen << 1) | (Highest == 0 ? 0u : 1u);
        return unchecked((uint)(withHighest << (int)(distance - 1)));
    }
}
