namespace Latchkey.Simulator.Memory;

/// <summary>What an EEPROM may be found to hold after power failed inside its internal write time.</summary>
public enum TornWrite
{
    /// <summary>Nothing of the page was programmed.</summary>
    Clean = 0,

    /// <summary>The first cells are new, the rest old.</summary>
    Prefix = 1,

    /// <summary>Each group of four bytes is old, new, erased or random, on its own.</summary>
    Scrambled = 2,

    /// <summary>All cells are half programmed: until they are written again each read may find old or new.</summary>
    Weak = 3,

    /// <summary>The address latch slipped: another page took the bytes.</summary>
    WrongPage = 4,
}

/// <summary>The supply of the virtual meter's processor has collapsed: whatever ran, runs no more.</summary>
public sealed class PowerLostException : Exception
{
    public PowerLostException()
        : base("The virtual meter lost power.")
    {
    }
}
