using System.Text;

namespace Latchkey.Payments.WeChatPay.Bills;

/// <summary>Reads trade bills and fund-flow bills of WeChat Pay. Nothing is taken of a file that is cut, changed or not of theirs.</summary>
/// <remarks>The sums at the end are held against the rows: a file that lost rows on its way is no bill.</remarks>
public static class WeChatBillReader
{
    public const int MaxBytes = 64 * 1024 * 1024;
    public const int MostRows = 100_000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a stream to its end, whatever the pieces it comes in: the bill, or why there is none.</summary>
    public static async Task<(WeChatBill? Bill, BillFault? Fault)> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        byte[] piece = new byte[16 * 1024];
        while (await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            if (bytes.Length + count > MaxBytes) return (null, TooLong);
            bytes.Write(piece, 0, count);
        }

        return Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>The bill, or why there is none. Never throws, whatever the bytes.</summary>
    public static (WeChatBill? Bill, BillFault? Fault) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes) return (null, TooLong);
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return (null, new BillFault(BillCodes.NotText, 0, "it is not text in UTF-8; a bill that was downloaded with GZIP is to be unpacked first"));
        }

        if (BillTable.Read(text, MostRows, out BillTable? table) is { } fault) return (null, fault);
        if (TradeColumns.Of(table!) is { } trades) return trades.Read(table!);
        if (FundColumns.Of(table!) is { } funds) return funds.Read(table!);
        return (null, new BillFault(BillCodes.HeaderUnknown, 1, "the heading is of no trade bill and no fund-flow bill; a bill of WeChat Pay is kept as it was downloaded"));
    }

    private static BillFault TooLong => new(BillCodes.TooLong, 0, $"more than {MaxBytes / 1024 / 1024} MB; download it in parts");
}
