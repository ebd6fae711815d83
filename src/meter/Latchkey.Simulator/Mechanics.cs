using Latchkey.Meter.Hal;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator;

/// <summary>What stays as it is without any power: the latching relays, a bit for each, and the tamper latch. Kept behind the EEPROM's cells in the image.</summary>
internal readonly record struct Mechanics(int RelaysClosed, TamperInputs TamperLatch)
{
    private const byte Mark = 0x4D;
    private const int At = EepromModel.StandardSize;

    public static bool IsNew(INvmImage image)
    {
        Span<byte> bytes = stackalloc byte[1];
        image.Read(At, bytes);
        return bytes[0] != Mark;
    }

    public static Mechanics Read(INvmImage image)
    {
        Span<byte> bytes = stackalloc byte[3];
        image.Read(At, bytes);
        return new Mechanics(bytes[1], (TamperInputs)bytes[2]);
    }

    public void Write(INvmImage image) => image.Write(At, [Mark, (byte)RelaysClosed, (byte)TamperLatch]);
}
