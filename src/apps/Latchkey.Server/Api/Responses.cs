using System.ComponentModel;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Messages;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.Park;

namespace Latchkey.Server.Api;

/// <summary>A list; an object rather than a bare array, so that it can grow without breaking a caller.</summary>
public sealed record ListResponse<T>(IReadOnlyList<T> Items);

internal static class ListResponse
{
    internal static ListResponse<T> Of<T>(IEnumerable<T> items) => new([.. items]);
}

/// <summary>Money on the wire: whole minor units and the currency, never a fraction.</summary>
public sealed record MoneyResponse(long MinorUnits, string Currency)
{
    public static MoneyResponse? From(Money? money) => money is { } amount ? new MoneyResponse(amount.MinorUnits, amount.Currency.ToString()) : null;
}

/// <summary>One room.</summary>
public sealed record RoomResponse(
    string RoomId, string Building, string Room, string? Tenant, string? MeterPan, long? BalanceWattHours, MoneyResponse? Worth, string Supply, string Balance, string Link,
    DateTimeOffset? LastContact, bool Tampered)
{
    public static RoomResponse From(RoomLine room) => new(
        room.RoomId, room.Building, room.Room, room.Tenant, room.Pan, room.Balance?.WattHours, MoneyResponse.From(room.Worth), Code.Of(room.Supply), Code.Of(room.Mark),
        Code.Of(room.Link), room.LastContact, room.Tampered);
}

/// <summary>One meter.</summary>
public sealed record MeterResponse(
    string MeterPan, string Model, string Place, string? Tenant, long? BalanceWattHours, long? GrantedWattHours, long? ConsumedWattHours, string Supply, string SupplyReason, bool Tampered,
    long? PowerMilliwatts, string Link, DateTimeOffset? LastContact, string? Module, string? MetrologyVersion, string? MetrologyHash)
{
    public static MeterResponse From(MeterDetail meter) => new(
        meter.Pan, meter.Model, meter.Place, meter.Tenant, meter.Balance?.WattHours, meter.Granted?.WattHours, meter.Consumed?.WattHours, Code.Of(meter.Supply), meter.SupplyReason,
        meter.Tampered, meter.Power?.Milliwatts, Code.Of(meter.Link), meter.LastContact, meter.Module, meter.MetrologyVersion, meter.MetrologyHash);
}

/// <summary>One reading.</summary>
public sealed record ReadingResponse(DateTimeOffset At, long PowerMilliwatts, long BalanceMilliwattHours)
{
    public static ReadingResponse From(MeterPoint point) => new(point.At, point.Power.Milliwatts, point.Balance.MilliwattHours);
}

/// <summary>One event.</summary>
public sealed record EventResponse(DateTimeOffset At, string Code, string? Detail);

/// <summary>One message. The recipient is named by tenancy: addresses stay in the house.</summary>
public sealed record MessageResponse(string Id, DateTimeOffset At, string TenantId, string Kind, string Channel, string TextZh, string TextEn, string Fate, string? FailureCode)
{
    public static MessageResponse From(MessageLine message) => new(
        message.Id, message.At, message.TenantId, message.Kind, message.Channel, message.TextChinese, message.TextEnglish, Code.Of(message.Fate), message.FailureCode);
}

/// <summary>The shape of a sale's stored answer; it is documentation, the bytes come from the order book.</summary>
public sealed record PurchaseReceipt
{
    [Description("The id that the caller made.")]
    public required Guid OrderId { get; init; }

    [Description("The tokens in the order in which they are entered, twenty digits each.")]
    public required IReadOnlyList<string> Tokens { get; init; }
}

/// <summary>Codes on the wire are lower case words.</summary>
internal static class Code
{
#pragma warning disable CA1308 // A wire format, not a comparison.
    internal static string Of<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
