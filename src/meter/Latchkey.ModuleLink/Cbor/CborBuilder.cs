using System.Buffers;
using System.Buffers.Binary;

namespace Latchkey.ModuleLink.Cbor;

/// <summary>Writes CBOR in its deterministic form: shortest lengths, definite, map keys in the order the caller gives them.</summary>
internal sealed class CborBuilder
{
    private readonly ArrayBufferWriter<byte> _output = new();

    public CborBuilder Array(int count) => Head(CborMajorType.Array, (ulong)count);

    public CborBuilder Map(int count) => Head(CborMajorType.Map, (ulong)count);

    public CborBuilder Integer(long value) => value >= 0
        ? Head(CborMajorType.Unsigned, (ulong)value)
        : Head(CborMajorType.Negative, (ulong)(-1 - value));

    public CborBuilder Bytes(ReadOnlySpan<byte> bytes)
    {
        Head(CborMajorType.Bytes, (ulong)bytes.Length);
        _output.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    private CborBuilder Head(CborMajorType type, ulong argument)
    {
        Span<byte> head = stackalloc byte[9];
        int size = argument switch
        {
            < CborForm.OneByte => 0,
            <= byte.MaxValue => 1,
            <= ushort.MaxValue => 2,
            <= uint.MaxValue => 4,
            _ => 8,
        };
        int form = size switch
        {
            0 => (int)argument,
            1 => CborForm.OneByte,
            2 => CborForm.TwoBytes,
            4 => CborForm.FourBytes,
            _ => CborForm.EightBytes,
        };
        head[0] = (byte)(((int)type << 5) | form);
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, argument);
        wide[(8 - size)..].CopyTo(head[1..]);
        _output.Write(head[..(1 + size)]);
        return this;
    }
}
