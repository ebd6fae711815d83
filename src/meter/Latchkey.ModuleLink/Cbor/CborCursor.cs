using System.Buffers.Binary;

namespace Latchkey.ModuleLink.Cbor;

/// <summary>Reads the few CBOR items that meter messages use, and only in their deterministic form.</summary>
/// <remarks>
/// A message is untrusted input in a meter without exceptions to spare, so every reader answers true or false and none allocates.
/// Longer than shortest lengths, indefinite lengths, tags and floats are refused: one message has one encoding, and the MAC covers it.
/// Source: RFC 8949, 4.2.1.
/// </remarks>
internal ref struct CborCursor(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly CborMajorType? PeekType() => _rest.IsEmpty ? null : (CborMajorType)(_rest[0] >> 5);

    public bool TryReadArray(out int count) => TryReadLength(CborMajorType.Array, out count);

    public bool TryReadMap(out int count) => TryReadLength(CborMajorType.Map, out count);

    public bool TryReadUInt32(out uint value)
    {
        bool read = TryReadHead(CborMajorType.Unsigned, out ulong argument) && argument <= uint.MaxValue;
        value = read ? (uint)argument : 0;
        return read;
    }

    public bool TryReadInt64(out long value)
    {
        value = 0;
        CborMajorType? type = PeekType();
        if (type is not (CborMajorType.Unsigned or CborMajorType.Negative)) return false;
        if (!TryReadHead(type.Value, out ulong argument) || argument > long.MaxValue) return false;
        value = type == CborMajorType.Unsigned ? (long)argument : -1 - (long)argument;
        return true;
    }

    public bool TryReadInt32(out int value)
    {
        bool read = TryReadInt64(out long wide) && wide is >= int.MinValue and <= int.MaxValue;
        value = read ? (int)wide : 0;
        return read;
    }

    public bool TryReadBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryReadLength(CborMajorType.Bytes, out int length)) return false;
        bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    // A count of items or bytes can never pass the bytes that are left, so no caller can be made to reserve more than it was sent.
    private bool TryReadLength(CborMajorType type, out int length)
    {
        bool read = TryReadHead(type, out ulong argument) && argument <= (ulong)_rest.Length;
        length = read ? (int)argument : 0;
        return read;
    }

    private bool TryReadHead(CborMajorType type, out ulong argument)
    {
        argument = 0;
        if (PeekType() != type) return false;
        int form = _rest[0] & 0x1F;
        if (form < CborForm.OneByte)
        {
            argument = (ulong)form;
            _rest = _rest[1..];
            return true;
        }

        if (form > CborForm.EightBytes) return false;
        int size = 1 << (form - CborForm.OneByte);
        if (_rest.Length < 1 + size) return false;
        ReadOnlySpan<byte> field = _rest.Slice(1, size);
        (argument, ulong smallest) = size switch
        {
            1 => (field[0], (ulong)CborForm.OneByte),
            2 => (BinaryPrimitives.ReadUInt16BigEndian(field), byte.MaxValue + 1UL),
            4 => (BinaryPrimitives.ReadUInt32BigEndian(field), ushort.MaxValue + 1UL),
            _ => (BinaryPrimitives.ReadUInt64BigEndian(field), uint.MaxValue + 1UL),
        };
        _rest = _rest[(1 + size)..];
        return argument >= smallest;
    }
}
