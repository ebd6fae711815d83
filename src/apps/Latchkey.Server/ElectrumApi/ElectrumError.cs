using System.Text.Json;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>The contract's kinds of failure. A client decides by them and by the status whether to try again.</summary>
internal static class ErrorTypes
{
    public const string DuplicateRecord = "DUPLICATE_RECORD";
    public const string FormatError = "FORMAT_ERROR";
    public const string InvalidAmount = "INVALID_AMOUNT";
    public const string AmountTooLow = "AMOUNT_TOO_LOW";
    public const string AmountTooHigh = "AMOUNT_TOO_HIGH";
    public const string UnableToLocateRecord = "UNABLE_TO_LOCATE_RECORD";
    public const string UnknownMeterId = "UNKNOWN_METER_ID";
    public const string UpstreamUnavailable = "UPSTREAM_UNAVAILABLE";
    public const string OutcomeUnknown = "OUTCOME_UNKNOWN";
    public const string GeneralError = "GENERAL_ERROR";
    public const string FunctionNotSupported = "FUNCTION_NOT_SUPPORTED";
    public const string TransactionDeclined = "TRANSACTION_DECLINED";
    public const string TransactionNotSupported = "TRANSACTION_NOT_SUPPORTED";
    public const string MeterKeyInvalid = "METER_KEY_INVALID";
    public const string MeterIdBlocked = "METER_ID_BLOCKED";
    public const string NoFreeUnitsDue = "NO_FREE_UNITS_DUE";
    public const string InsufficientFunds = "INSUFFICIENT_FUNDS";
    public const string LimitExceeded = "LIMIT_EXCEEDED";
}

/// <summary>An answer that says no, or that nobody knows yet.</summary>
/// <param name="Message">At most 20 characters, as the contract wants it; the rest is detail.</param>
internal sealed record ElectrumError(int Status, string Type, string Message, string? Detail = null)
{
    private const int MaxMessageLength = 20;

    public static ElectrumError Format(string detail) => new(StatusCodes.Status400BadRequest, ErrorTypes.FormatError, "Format error", detail);

    public static ElectrumError Duplicate { get; } = new(StatusCodes.Status400BadRequest, ErrorTypes.DuplicateRecord, "Duplicate id", "A message with this id was received before.");

    public static ElectrumError UnknownMeter { get; } = new(StatusCodes.Status400BadRequest, ErrorTypes.UnknownMeterId, "Unknown meter", "No such meter is known here.");

    public static ElectrumError NotFound { get; } = new(StatusCodes.Status404NotFound, ErrorTypes.UnableToLocateRecord, "Original not found", "No message of this client has the original's id.");

    public static ElectrumError NoSuchFunction { get; } = new(StatusCodes.Status404NotFound, ErrorTypes.FunctionNotSupported, "No such function", "The contract has no such call, or not with this method.");

    public static ElectrumError UnknownClient { get; } = new(StatusCodes.Status401Unauthorized, ErrorTypes.GeneralError, "Unknown client", "Send the client's name and password by Basic authentication.");

    public static ElectrumError NotFromHere { get; } = new(StatusCodes.Status403Forbidden, ErrorTypes.GeneralError, "Not from here", "This client may not call from this address.");

    public static ElectrumError TooMany { get; } = new(StatusCodes.Status429TooManyRequests, ErrorTypes.LimitExceeded, "Too many requests", "Nothing was done; send the same again after the time in Retry-After.");

    public static ElectrumError DayLimit { get; } = new(StatusCodes.Status400BadRequest, ErrorTypes.LimitExceeded, "Limit exceeded", "With this purchase the client would sell more than it may in a day.");

    public static ElectrumError LostAnswer { get; } = new(StatusCodes.Status504GatewayTimeout, ErrorTypes.UpstreamUnavailable, "Upstream timeout", "No answer in time; retry the purchase until it is known.");

    /// <summary>504, the contract's status for an outcome that is not known: a client goes on sending the advice, which it may drop after a 503.</summary>
    public static ElectrumError SignerAway { get; } = Unknown("The signer is away and nobody knows yet whether there is a token; send the same reversal again.");

    /// <summary>As above; people ask the maker, which may take days.</summary>
    public static ElectrumError MakerSilent { get; } = Unknown("The meter's maker was asked and nobody knows yet whether there is a token; send the same reversal again.");

    /// <summary>The seller's refusal in the contract's words.</summary>
    public static ElectrumError Refused(string code, string detail) =>
        Of(code == VendingCodes.Busy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest, TypeOf(code), detail);

    /// <summary>Money is set aside and the token may exist: the client must go on asking.</summary>
    public static ElectrumError Unknown(string detail) => Of(StatusCodes.Status504GatewayTimeout, ErrorTypes.OutcomeUnknown, detail);

    /// <param name="requestType">Which request failed, in the contract's words.</param>
    /// <param name="id">The message's id, as far as one could be read.</param>
    /// <param name="originalId">The message that an advice or retry refers to.</param>
    public IResult For(string requestType, string id, string? originalId = null) => new ElectrumAnswer(Status, json =>
    {
        json.WriteString("errorType", Type);
        json.WriteString("errorMessage", Message.Length <= MaxMessageLength ? Message : Message[..MaxMessageLength]);
        json.WriteString("requestType", requestType);
        json.WriteString("id", id);
        if (originalId is not null) json.WriteString("originalId", originalId);
        if (Detail is not null)
        {
            json.WriteStartObject("detailMessage");
            json.WriteString("freeString", Detail);
            json.WriteEndObject();
        }
    });

    private static ElectrumError Of(int status, string type, string detail) => new(status, type, Sentence(type), detail);

    /// <summary><c>AMOUNT_TOO_LOW</c> as <c>Amount too low</c>.</summary>
    private static string Sentence(string type) => type[0] + type[1..].Replace('_', ' ').ToLowerInvariant();

    private static string TypeOf(string code) => code switch
    {
        VendingCodes.UnknownMeter or VendingCodes.PanFormat or VendingCodes.PanCheckDigit => ErrorTypes.UnknownMeterId,
        VendingCodes.MeterBlocked => ErrorTypes.MeterIdBlocked,
        VendingCodes.AmountZero or VendingCodes.CurrencyMismatch => ErrorTypes.InvalidAmount,
        VendingCodes.AmountTooLow => ErrorTypes.AmountTooLow,
        VendingCodes.AmountTooHigh => ErrorTypes.AmountTooHigh,
        VendingCodes.InsufficientFunds => ErrorTypes.InsufficientFunds,
        VendingCodes.CreditLimit or VendingCodes.TooManyTokens => ErrorTypes.LimitExceeded,
        VendingCodes.KeyExpired or VendingCodes.KeyMissing or VendingCodes.KeyAlgorithmMismatch => ErrorTypes.MeterKeyInvalid,
        VendingCodes.Busy => ErrorTypes.UpstreamUnavailable,
        VendingCodes.NoFreeUnitsDue => ErrorTypes.NoFreeUnitsDue,
        VendingCodes.TimeOfUseTariff or VendingCodes.NoKeyChange => ErrorTypes.TransactionNotSupported,
        VendingCodes.OrderIdReused or VendingCodes.PaymentReferenceUsed => ErrorTypes.DuplicateRecord,
        _ => ErrorTypes.TransactionDeclined,
    };
}

/// <summary>Writes one JSON object as the answer.</summary>
internal sealed class ElectrumAnswer(int status, Action<Utf8JsonWriter> content) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json";

        // Whoever has the answer has the energy: nobody on the way keeps it.
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.ContentLength = buffer.WrittenCount;
        await httpContext.Response.Body.WriteAsync(buffer.WrittenMemory, httpContext.RequestAborted);
    }
}
