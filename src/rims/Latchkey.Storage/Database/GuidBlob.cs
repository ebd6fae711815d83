namespace Latchkey.Storage;

/// <summary>Ids are kept as 16 bytes in network order, so that they sort and read as they print.</summary>
public static class GuidBlob
{
    public static byte[] Of(Guid id) => id.ToByteArray(bigEndian: true);

    public static Guid Read(byte[] blob) => new(blob, bigEndian: true);
}
