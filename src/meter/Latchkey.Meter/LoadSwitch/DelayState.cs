using System.Buffers.Binary;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>What one relay direction has taught: fixed point, 20 bytes, so that it fits one journal slot.</summary>
/// <param name="ThetaPpb">Relative deviation from the nominal operate time, 10⁻⁹.</param>
/// <param name="BiasNs">Constant deviation, nanoseconds.</param>
/// <param name="VarianceTheta">Variance of θ, 10⁻⁹.</param>
/// <param name="Covariance">Covariance of θ and the bias, 10⁻⁹ ms.</param>
/// <param name="VarianceBias">Variance of the bias, 10⁻⁹ ms².</param>
public readonly record struct DelayState(int ThetaPpb, int BiasNs, int VarianceTheta, int Covariance, int VarianceBias)
{
    public const int Size = 20;

    /// <summary>A relay nobody has seen operate: ±9 % and ±0.45 ms.</summary>
    public static DelayState Unknown { get; } = new(0, 0, 8_100_000, 0, 202_500_000);

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, ThetaPpb);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], BiasNs);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], VarianceTheta);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], Covariance);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], VarianceBias);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; variances that no filter can have are refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out DelayState state)
    {
        state = Unknown;
        if (source.Length < Size) return false;
        var read = new DelayState(
            BinaryPrimitives.ReadInt32LittleEndian(source), BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[8..]), BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[16..]));
        bool valid = read is { VarianceTheta: > 0, VarianceBias: > 0 }
            && (double)read.Covariance * read.Covariance <= (double)read.VarianceTheta * read.VarianceBias
            && Math.Abs((long)read.ThetaPpb) < 500_000_000 && Math.Abs((long)read.BiasNs) < 5_000_000;
        if (valid) state = read;
        return valid;
    }
}
