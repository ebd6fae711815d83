namespace Latchkey.Messaging.Notices;

/// <summary>What a notice is about. The numbers are stored.</summary>
public enum NoticeKind
{
    LowBalance = 1,
    PaymentReceived = 2,
    TokenIssued = 3,
    TokenCredited = 4,
    SupplyOff = 5,
    SupplyOn = 6,
    TokenRejected = 7,
    Refunded = 8,
}

/// <summary>How a kind of notice is treated.</summary>
/// <param name="IsUrgent">Quiet hours do not hold it back.</param>
/// <param name="AtMostOnce">When it is not known whether a sending arrived, it is not sent again. Otherwise it is.</param>
/// <param name="TimeToLive">After this it is no longer worth sending.</param>
public readonly record struct NoticeTraits(bool IsUrgent, bool AtMostOnce, TimeSpan TimeToLive)
{
    /// <summary>A reminder twice is a nuisance; a token not sent is a dark room.</summary>
    public static NoticeTraits Of(NoticeKind kind) => kind switch
    {
        NoticeKind.LowBalance => new(IsUrgent: false, AtMostOnce: true, TimeSpan.FromDays(2)),
        NoticeKind.PaymentReceived => new(IsUrgent: true, AtMostOnce: true, TimeSpan.FromDays(1)),
        NoticeKind.TokenIssued => new(IsUrgent: true, AtMostOnce: false, TimeSpan.FromDays(30)),
        NoticeKind.TokenCredited => new(IsUrgent: true, AtMostOnce: true, TimeSpan.FromDays(1)),
        NoticeKind.SupplyOff or NoticeKind.SupplyOn => new(IsUrgent: true, AtMostOnce: true, TimeSpan.FromHours(6)),
        NoticeKind.TokenRejected => new(IsUrgent: true, AtMostOnce: false, TimeSpan.FromDays(2)),
        NoticeKind.Refunded => new(IsUrgent: false, AtMostOnce: true, TimeSpan.FromDays(7)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of notice."),
    };
}
