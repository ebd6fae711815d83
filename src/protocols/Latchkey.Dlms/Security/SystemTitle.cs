using System.Buffers.Binary;
using System.Globalization;

namespace Latchkey.Dlms.Security;

/// <summary>The name of a party, unique in the world: three letters of its maker and five octets of its serial number.</summary>
/// <param name="Value">The eight octets, most significant first.</param>
/// <remarks>Source: IEC 62056-5-3, system title.</remarks>
public readonly record struct SystemTitle(ulong Value)
{
    /// <summary>Octets of a title.</summary>
    public const int Size = 8;

    /// <summary>Reads exactly eight octets.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out SystemTitle title)
    {
        bool valid = octets.Length == Size;
        title = valid ? new SystemTitle(BinaryPrimitives.ReadUInt64BigEndian(octets)) : default;
        return valid;
    }

    /// <summary>Writes eight octets.</summary>
    public void Write(Span<byte> target) => BinaryPrimitives.WriteUInt64BigEndian(target, Value);

    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("X16", CultureInfo.InvariantCulture);
}
