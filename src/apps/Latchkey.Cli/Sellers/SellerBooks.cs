using System.Globalization;
using Latchkey.Custody;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Cli.Sellers;

/// <summary>The books that a command works on.</summary>
/// <param name="Directory">The data directory.</param>
/// <param name="Offset">The seller's clock as it was said: <c>+08:00</c>.</param>
/// <param name="NeedsSigner">Whether the command asks the signer, here or in its own process.</param>
/// <param name="MakesTokens">Whether tokens may come of it: by the EA07 tables and the makers' services of the directory's settings.</param>
internal sealed record WantedBooks(string Directory, string Offset, bool NeedsSigner = false, bool MakesTokens = false)
{
    /// <summary>The seller's name on a receipt; empty for a command that prints none.</summary>
    public string Seller { get; init; } = string.Empty;
}

/// <summary>Opens the books of a data directory for one command, beside a running server too. Nothing is sold here.</summary>
internal static class SellerBooks
{
    /// <summary>What is wrong with a clock that <see cref="TryReadOffset"/> refuses.</summary>
    public const string OffsetForm = "--utc-offset is written as +08:00 or -03:30";

    private static readonly TimeSpan Farthest = TimeSpan.FromHours(14);

    /// <summary>What the work came to; or one line about what keeps it from the books.</summary>
    public static async Task<int> RunAsync(WantedBooks wanted, Func<VendingHouse, Task<int>> work)
    {
        if (!File.Exists(new SqliteDatabaseOptions(wanted.Directory).Path)) return CommandOutput.Fail($"there are no books in '{wanted.Directory}'");
        if (!TryReadOffset(wanted.Offset, out TimeSpan offset)) return CommandOutput.Fail(OffsetForm);
        try
        {
            var vending = new VendingOptions(wanted.Seller, offset, []);
            if (!wanted.MakesTokens) return await WorkAsync(wanted, vending, tables: null, work).ConfigureAwait(false);
            (TokenMaking? making, IReadOnlyList<SettingsFault> faults) = SellerDirectory.OpenMaking(wanted.Directory);
            if (making is null) return SellerRoom.Fail(faults);
            using MakerServices services = making.Makers;
            return await WorkAsync(wanted, vending with { Makers = services }, making.Tables, work).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StorageException or CustodyException or IOException or UnauthorizedAccessException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    /// <summary>The difference of a clock from UTC, of at most 14 hours.</summary>
    public static bool TryReadOffset(string text, out TimeSpan offset) =>
        TimeSpan.TryParseExact(text.TrimStart('+', '-'), @"hh\:mm", CultureInfo.InvariantCulture, text.StartsWith('-') ? TimeSpanStyles.AssumeNegative : TimeSpanStyles.None, out offset)
        && offset.Duration() <= Farthest;

    private static async Task<int> WorkAsync(WantedBooks wanted, VendingOptions vending, StaTables? tables, Func<VendingHouse, Task<int>> work)
    {
        if (SellerHouse.Open(wanted.Directory, new VendingHouseOptions(vending, new TariffBook([]), tables), wanted.NeedsSigner, out SellerHouse? opened) is { } wrong) return CommandOutput.Fail(wrong);
        using SellerHouse closing = opened!;
        return await work(closing.House).ConfigureAwait(false);
    }
}
