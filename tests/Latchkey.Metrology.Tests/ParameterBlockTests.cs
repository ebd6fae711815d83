using CsCheck;

namespace Latchkey.Metrology.Tests;

public sealed class ParameterBlockTests
{
    private static readonly Gen<Calibration> Calibrations =
        from volts in Gen.Long[1, (1L << 28) - 1]
        from amps in Gen.Long[1, (1L << 28) - 1]
        from offset in Gen.Int[-1_000_000, 1_000_000]
        from lag in Gen.Int[-65536, 65536]
        from power in Gen.Long[-999_999_999, 999_999_999]
        from larger in Gen.Bool
        select Calibration.Nominal with
        {
            VoltagePicovolts = volts, CurrentPicoamps = amps, CurrentOffset = offset, CurrentLagQ16 = lag, PowerOffsetMicrowatts = power, BillsLargerCurrent = larger,
        };

    [Fact]
    public void Block_WrittenAndRead_IsItself() => Gen.Select(Calibrations, Gen.UInt).Sample((calibration, changes) =>
    {
        byte[] block = new byte[ParameterBlock.Length];
        var written = new ParameterBlock(calibration, changes);
        written.Write(block);
        return ParameterBlock.TryRead(block, out ParameterBlock read) == ParameterBlockResult.Ok && read == written;
    });

    [Fact]
    public void Block_WithAnyOneBitFlipped_IsRefused()
    {
        byte[] block = new byte[ParameterBlock.Length];
        new ParameterBlock(Calibration.Nominal, 3).Write(block);
        for (int bit = 0; bit < 8 * block.Length; bit++)
        {
            block[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(ParameterBlockResult.Ok, ParameterBlock.TryRead(block, out _));
            block[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void AnyOctets_GiveAResult() => Gen.Byte.Array[0, 100].Sample(octets => ParameterBlock.TryRead(octets, out _) != ParameterBlockResult.Ok);

    // Extremes that an absolute value would trip over.
    [Theory]
    [InlineData(long.MinValue, 0)]
    [InlineData(0, int.MinValue)]
    public void Extremes_AreOutOfRange_NotAnException(long power, int lag) =>
        Assert.False((Calibration.Nominal with { PowerOffsetMicrowatts = power, CurrentLagQ16 = lag }).IsValid);
}
