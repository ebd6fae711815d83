using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Services;

/// <summary>DataNotification: what a meter pushes.</summary>
/// <remarks>Source: IEC 62056-5-3, Data-Notification.</remarks>
public readonly ref struct DataNotification
{
    /// <summary>Which push this is.</summary>
    public LongInvokeId Invoke { get; init; }

    /// <summary>date-time, twelve octets or none.</summary>
    public ReadOnlySpan<byte> DateTime { get; init; }

    /// <summary>The values.</summary>
    public DataView Body { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out DataNotification notification)
    {
        notification = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact((byte)ApduTag.DataNotification) || !reader.TryReadUInt32(out uint invoke)) return false;
        if (!NotificationTime.TryRead(ref reader, out ReadOnlySpan<byte> time) || !reader.TryReadData(out DataView body)) return false;
        notification = new DataNotification { Invoke = new LongInvokeId(invoke), DateTime = time, Body = body };
        return ApduHead.Ends(reader, tolerance);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte((byte)ApduTag.DataNotification);
        writer.WriteUInt32(Invoke.Value);
        writer.WriteOctetString(DateTime);
        writer.WriteData(Body);
        return writer.Overflowed ? 0 : writer.Position;
    }
}

/// <summary>The client's receipt for a confirmed DataNotification.</summary>
/// <remarks>Source: IEC 62056-5-3 (newer editions), Data-Notification-Confirm.</remarks>
public readonly ref struct DataNotificationConfirm
{
    /// <summary>Which push is confirmed.</summary>
    public LongInvokeId Invoke { get; init; }

    /// <summary>date-time, twelve octets or none.</summary>
    public ReadOnlySpan<byte> DateTime { get; init; }

    /// <summary>Reads an APDU that fills the input exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out DataNotificationConfirm confirm)
    {
        confirm = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact((byte)ApduTag.DataNotificationConfirm) || !reader.TryReadUInt32(out uint invoke)) return false;
        if (!NotificationTime.TryRead(ref reader, out ReadOnlySpan<byte> time)) return false;
        confirm = new DataNotificationConfirm { Invoke = new LongInvokeId(invoke), DateTime = time };
        return reader.AtEnd;
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte((byte)ApduTag.DataNotificationConfirm);
        writer.WriteUInt32(Invoke.Value);
        writer.WriteOctetString(DateTime);
        return writer.Overflowed ? 0 : writer.Position;
    }
}

/// <summary>EventNotification: one attribute that a meter reports unasked.</summary>
/// <remarks>Source: IEC 62056-5-3, Event-Notification-Request.</remarks>
public readonly ref struct EventNotification
{
    /// <summary>When it happened, twelve octets or none.</summary>
    public ReadOnlySpan<byte> Time { get; init; }

    /// <summary>The attribute.</summary>
    public AttributeDescriptor Attribute { get; init; }

    /// <summary>Its value.</summary>
    public DataView Value { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out EventNotification notification)
    {
        notification = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact((byte)ApduTag.EventNotification) || !reader.TryReadFlag(out bool timed)) return false;
        ReadOnlySpan<byte> time = default;
        if (timed && !NotificationTime.TryRead(ref reader, out time)) return false;
        if (!AttributeDescriptor.TryRead(ref reader, out AttributeDescriptor attribute) || !reader.TryReadData(out DataView value)) return false;
        notification = new EventNotification { Time = time, Attribute = attribute, Value = value };
        return ApduHead.Ends(reader, tolerance);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte((byte)ApduTag.EventNotification);
        writer.WriteByte(Time.IsEmpty ? (byte)0 : (byte)1);
        if (!Time.IsEmpty) writer.WriteOctetString(Time);
        Attribute.Write(ref writer);
        writer.WriteData(Value);
        return writer.Overflowed ? 0 : writer.Position;
    }
}

internal static class NotificationTime
{
    /// <summary>Reads an octet-string that is empty or as long as a date-time.</summary>
    public static bool TryRead(scoped ref AxdrReader reader, out ReadOnlySpan<byte> time) =>
        reader.TryReadOctetString(out time) && time.Length is 0 or CosemDateTime.Size;
}
