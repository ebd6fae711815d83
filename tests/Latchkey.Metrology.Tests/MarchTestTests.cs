namespace Latchkey.Metrology.Tests;

public sealed class MarchTestTests
{
    private const int Cells = 37;

    [Fact]
    public void SoundMemory_Passes_AndIsZero()
    {
        ulong[] words = [.. Enumerable.Range(0, 100).Select(k => (ulong)k * 77)];
        Assert.Equal(-1, MarchTest.Run(words));
        Assert.All(words, w => Assert.Equal(0ul, w));
    }

    // Every bit of every cell stuck at 0 and at 1, every cell coupled to every other, every address that answers for another.
    [Fact]
    public void EveryStuckBit_IsFound()
    {
        for (int cell = 0; cell < Cells; cell++)
        {
            for (int bit = 0; bit < 64; bit++)
            {
                Assert.True(MarchTest.Run(new Broken { Fault = Fault.StuckLow, Cell = cell, Bit = bit }) >= 0, $"stuck low {cell}.{bit}");
                Assert.True(MarchTest.Run(new Broken { Fault = Fault.StuckHigh, Cell = cell, Bit = bit }) >= 0, $"stuck high {cell}.{bit}");
                Assert.True(MarchTest.Run(new Broken { Fault = Fault.NoRise, Cell = cell, Bit = bit }) >= 0, $"no rise {cell}.{bit}");
            }
        }
    }

    [Theory]
    [InlineData(Fault.Couples)]
    [InlineData(Fault.SharedAddress)]
    public void EveryPairThatDisturbs_IsFound(Fault fault)
    {
        for (int a = 0; a < Cells; a++)
        {
            for (int b = 0; b < Cells; b++)
            {
                if (a != b) Assert.True(MarchTest.Run(new Broken { Fault = fault, Cell = a, Other = b, Bit = 5 }) >= 0, $"{fault} {a} {b}");
            }
        }
    }

    public enum Fault
    {
        StuckLow = 0,
        StuckHigh = 1,
        NoRise = 2,
        Couples = 3,
        SharedAddress = 4,
    }

    private sealed class Broken : IMemoryCells
    {
        private readonly ulong[] _cells = new ulong[Cells];

        public Fault Fault { get; init; }

        public int Cell { get; init; }

        public int Other { get; init; }

        public int Bit { get; init; }

        public int Count => Cells;

        public ulong Read(int cell) => (Fault, cell == Cell) switch
        {
            (Fault.StuckLow, true) => _cells[cell] & ~(1ul << Bit),
            (Fault.StuckHigh, true) => _cells[cell] | (1ul << Bit),
            _ => _cells[Address(cell)],
        };

        public void Write(int cell, ulong value)
        {
            ulong before = _cells[Address(cell)];
            if (Fault == Fault.NoRise && cell == Cell) value &= ~(1ul << Bit) | before;
            _cells[Address(cell)] = value;
            if (Fault == Fault.Couples && cell == Cell && value != before) _cells[Other] ^= 1ul << Bit;
        }

        private int Address(int cell) => Fault == Fault.SharedAddress && cell == Cell ? Other : cell;
    }
}
