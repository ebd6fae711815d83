using System.Buffers.Binary;

namespace Latchkey.Meter.Update;

/// <summary>Which software an image holds. The numbers are in its header.</summary>
public enum ImageKind : byte
{
    /// <summary>Payment, display, communication: may be updated while the meter hangs on the wall.</summary>
    Application = 1,

    /// <summary>The legally relevant metrology: only while the seal is open.</summary>
    Metrology = 2,
}

/// <summary>The first 128 bytes of an image: what it is and who vouches for it.</summary>
/// <remarks>
/// <c>"LKFW" | format 1 | kind | model:2 | version:4 | body length:4 | SHA-256 of the body:32 | reserved, zero:16 | signature:64</c>, little-endian.
/// The signature is ECDSA on P-256 over the first 64 bytes, r and s as 32 bytes each.
/// </remarks>
/// <param name="Kind">What it holds.</param>
/// <param name="Model">For which hardware: the digits of the model's name, 0 for all.</param>
/// <param name="Version"><c>major * 65536 + minor * 256 + patch</c>.</param>
/// <param name="BodyLength">Bytes after the header.</param>
/// <param name="BodyHash">SHA-256 of them.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record ImageHeader(
    ImageKind Kind, ushort Model, uint Version, uint BodyLength, ReadOnlyMemory<byte> BodyHash, ReadOnlyMemory<byte> Signature)
{
    public const int Length = 128;
    public const int SignedLength = 64;
    public const int HashLength = 32;
    public const int SignatureLength = 64;
    private const int HashAt = 16;
    private const byte Format = 1;
    private static readonly byte[] Mark = "LKFW"u8.ToArray();

    /// <summary>MAJOR.MINOR.PATCH.</summary>
    public string VersionText => TextOf(Version);

    public static string TextOf(uint version) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{version >> 16}.{(version >> 8) & 0xFF}.{version & 0xFF}");

    /// <summary>Writes all but the signature: what is to be signed.</summary>
    public void WriteSigned(Span<byte> destination)
    {
        destination[..SignedLength].Clear();
        Mark.CopyTo(destination);
        destination[4] = Format;
        destination[5] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], Model);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], BodyLength);
        BodyHash.Span.CopyTo(destination[HashAt..]);
    }

    /// <summary>False for bytes that are no header of this format. Nothing is believed yet: the signature is judged elsewhere.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageHeader? header)
    {
        header = null;
        if (bytes.Length < Length || !bytes.StartsWith(Mark) || bytes[4] != Format || bytes[5] is not (1 or 2)) return false;
        if (bytes[(HashAt + HashLength)..SignedLength].ContainsAnyExcept((byte)0)) return false;
        header = new ImageHeader(
            (ImageKind)bytes[5],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
            bytes.Slice(HashAt, HashLength).ToArray(),
            bytes.Slice(SignedLength, SignatureLength).ToArray());
        return true;
    }
}
