namespace Latchkey.Payments.Intents;

/// <summary>The merchant's own number of a payment: 6 to 32 of <c>0-9 A-Z a-z _ - |</c> and the asterisk. It is the key of idempotency.</summary>
/// <remarks>Source: WeChat Pay APIv3, field out_trade_no; narrow enough for the other providers too.</remarks>
public readonly record struct OutTradeNo
{
    public const int MinLength = 6;
    public const int MaxLength = 32;
    private readonly string? _value;

    private OutTradeNo(string value) => _value = value;

    public string Value => _value ?? string.Empty;

    /// <summary>The 32 hexadecimal digits of an order id: one order, one payment number.</summary>
    public static OutTradeNo FromOrder(Guid orderId) => new(orderId.ToString("N"));

    /// <summary>Accepts the exact form and nothing else; never trims.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out OutTradeNo number)
    {
        bool valid = text.Length is >= MinLength and <= MaxLength && !text.ContainsAnyExcept(Allowed);
        number = valid ? new OutTradeNo(text.ToString()) : default;
        return valid;
    }

    public override string ToString() => Value;

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-|*");
}
