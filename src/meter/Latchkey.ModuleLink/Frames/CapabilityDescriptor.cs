using Latchkey.ModuleLink.Cbor;

namespace Latchkey.ModuleLink.Frames;

/// <summary>The communication modules that exist; the numbers travel in the descriptor.</summary>
public enum ModuleKind : byte
{
    Lte4G = 1,
    Nr5G = 2,
    NbIot = 3,
    LoRaWan = 4,
    WiFi = 5,
    Rs485 = 6,
}

/// <summary>What a module says about itself when it is plugged in. The meter believes none of it beyond how it sends.</summary>
/// <remarks>CBOR <c>[protocol, kind, serial, firmware, maxMessageBytes, queueDepth, meanMa, peakMa, alwaysReachable]</c>.</remarks>
/// <param name="Kind">The link technology.</param>
/// <param name="Serial">The module's own serial number.</param>
/// <param name="FirmwareVersion">Major, minor and patch as <c>major * 65536 + minor * 256 + patch</c>.</param>
/// <param name="MaxMessageBytes">The longest sealed message the link carries in one piece.</param>
/// <param name="QueueDepth">Messages the module stores while the link is down.</param>
/// <param name="MeanCurrentMa">Mean current from the 12 V rail.</param>
/// <param name="PeakCurrentMa">Peak current, for at most 2 s.</param>
/// <param name="AlwaysReachable">False when the network can reach the module only after it has spoken.</param>
public sealed record CapabilityDescriptor(
    ModuleKind Kind,
    ulong Serial,
    uint FirmwareVersion,
    ushort MaxMessageBytes,
    ushort QueueDepth,
    ushort MeanCurrentMa,
    ushort PeakCurrentMa,
    bool AlwaysReachable)
{
    public const byte Protocol = 1;
    private const int FieldCount = 9;

    public byte[] Encode() => new CborBuilder().Array(FieldCount)
        .Integer(Protocol).Integer((int)Kind).Integer((long)(Serial & long.MaxValue)).Integer(FirmwareVersion).Integer(MaxMessageBytes)
        .Integer(QueueDepth).Integer(MeanCurrentMa).Integer(PeakCurrentMa).Integer(AlwaysReachable ? 1 : 0).ToArray();

    /// <summary>False for any bytes that are not a descriptor of this protocol.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> input, out CapabilityDescriptor? descriptor)
    {
        descriptor = null;
        var cbor = new CborCursor(input);
        if (!cbor.TryReadArray(out int count) || count != FieldCount) return false;
        Span<long> fields = stackalloc long[FieldCount];
        for (int i = 0; i < FieldCount; i++)
        {
            if (!cbor.TryReadInt64(out long value) || value < 0) return false;
            fields[i] = value;
        }

        if (!cbor.AtEnd || fields[0] != Protocol || fields[1] > byte.MaxValue || !Enum.IsDefined((ModuleKind)fields[1])) return false;
        if (fields[3] > uint.MaxValue || fields[8] > 1) return false;
        for (int i = 4; i < 8; i++)
        {
            if (fields[i] > ushort.MaxValue) return false;
        }

        descriptor = new CapabilityDescriptor(
            (ModuleKind)fields[1], (ulong)fields[2], (uint)fields[3], (ushort)fields[4], (ushort)fields[5], (ushort)fields[6], (ushort)fields[7], fields[8] == 1);
        return true;
    }
}
