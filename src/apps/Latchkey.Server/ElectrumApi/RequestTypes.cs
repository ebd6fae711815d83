namespace Latchkey.Server.ElectrumApi;

/// <summary>The contract's names of its requests, as errors carry them.</summary>
internal static class RequestTypes
{
    public const string Lookup = "METER_LOOKUP_REQUEST";
    public const string Purchase = "TOKEN_PURCHASE_REQUEST";
    public const string Retry = "TOKEN_PURCHASE_RETRY_REQUEST";
    public const string Reprint = "TOKEN_REPRINT_REQUEST";
    public const string FaultReport = "FAULT_REPORT_REQUEST";
    public const string KeyChange = "KEY_CHANGE_TOKEN_REQUEST";
    public const string Confirmation = "CONFIRMATION_ADVICE";
    public const string Reversal = "REVERSAL_ADVICE";
}
