namespace Latchkey.Meter.LoadSwitch;

/// <summary>Arc charge carried by the contacts: with sign for the balance of polarity, without for the wear.</summary>
public sealed class ContactLedger(ContactModel contact, uint seed)
{
    private const long EvenMicrocoulombs = 500;
    private uint _random = seed == 0 ? 1 : seed;

    /// <summary>Charge with the sign of the current.</summary>
    public long SignedMicrocoulombs { get; private set; }

    public long TotalMicrocoulombs { get; private set; }

    /// <summary>Erosion as a share of what the contacts are rated for, thousandths.</summary>
    public int WearPermille => (int)Math.Min(TotalMicrocoulombs * 1e-6 * contact.MicrogramsPerCoulomb / contact.EndOfLifeMicrograms * 1000, 10_000);

    /// <summary>The polarity that the next arc should have; a fixed one would move material one way.</summary>
    public bool PrefersPositive() => Math.Abs(SignedMicrocoulombs) > EvenMicrocoulombs ? SignedMicrocoulombs < 0 : NextBit();

    /// <summary>Books an arc.</summary>
    public void Book(long signedMicrocoulombs)
    {
        SignedMicrocoulombs += signedMicrocoulombs;
        TotalMicrocoulombs += Math.Abs(signedMicrocoulombs);
    }

    /// <summary>Books the bounce of a make: it wears, but in flights of either polarity.</summary>
    public void BookMake(long microcoulombs) => TotalMicrocoulombs += Math.Abs(microcoulombs);

    /// <summary>The day by which the relay should be replaced, if it goes on being used as it was; null while nothing has worn.</summary>
    public DateTimeOffset? ReplaceBefore(DateTimeOffset inServiceSince, DateTimeOffset now)
    {
        double worn = TotalMicrocoulombs * 1e-6 * contact.MicrogramsPerCoulomb / contact.EndOfLifeMicrograms;
        double days = (now - inServiceSince).TotalDays;
        if (worn <= 0 || days <= 0) return null;
        double left = days * (1 - worn) / worn;
        return left > 36_500 ? null : now.AddDays(left);
    }

    public void Restore(long signedMicrocoulombs, long totalMicrocoulombs)
    {
        SignedMicrocoulombs = signedMicrocoulombs;
        TotalMicrocoulombs = totalMicrocoulombs;
    }

    /// <summary>A bit of an xorshift register.</summary>
    internal bool NextBit()
    {
        unchecked
        {
            _random ^= _random << 13;
            _random ^= _random >> 17;
            _random ^= _random << 5;
        }

        return (_random & 0x10000) != 0;
    }
}
