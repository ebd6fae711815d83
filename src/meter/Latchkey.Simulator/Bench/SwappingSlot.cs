using Latchkey.Meter.Hal;

namespace Latchkey.Simulator.Bench;

/// <summary>A slot in which something is plugged in and pulled out, and speaks what it likes.</summary>
internal sealed class SwappingSlot(Random chance) : IModulePort
{
    private const int LongestSpeech = 48;

    public bool IsPresent { get; private set; }

    public bool Powered { get; set; }

    public int CurrentMa { get; private set; }

    /// <summary>Pulls, plugs in, or lets what is there draw too much.</summary>
    public void Swap()
    {
        IsPresent = chance.Next(3) != 0;
        CurrentMa = IsPresent ? chance.Next(chance.Next(8) == 0 ? 5_000 : 200) : 0;
    }

    public int Read(Span<byte> destination)
    {
        if (!IsPresent || chance.Next(4) != 0) return 0;
        int count = Math.Min(destination.Length, chance.Next(LongestSpeech));
        chance.NextBytes(destination[..count]);
        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
    }
}
