using System.Buffers.Binary;
using Latchkey.Metrology;

namespace Latchkey.Bench.MetrologyInstructions;

/// <summary>The core as a board would run it: frames of four 32-bit counts in, the registers out after every frame it books.</summary>
public static class Board
{
    private const int FrameBytes = 16;

    /// <summary>Reads samples (V, I, IN, LSV, little-endian) until the end; writes a line of registers and state per booked frame.</summary>
    public static void Run(Stream samples, TextWriter registers)
    {
        var core = new MetrologyCore(Calibration.Nominal, new WaveformTape());
        byte[] frame = new byte[FrameBytes];
        while (samples.ReadAtLeast(frame, FrameBytes, throwOnEndOfStream: false) == FrameBytes)
        {
            core.OnSample(new RawSample(Count(frame, 0), Count(frame, 4), Count(frame, 8), Count(frame, 12)));
            if (!core.TryTakeFrame(out FrameSums sums)) continue;
            core.ApplyFrame(sums);
            registers.WriteLine($"{core.Registers} {core.Save()}");
            registers.Flush();
        }
    }

    private static int Count(byte[] frame, int at) => BinaryPrimitives.ReadInt32LittleEndian(frame.AsSpan(at));
}
