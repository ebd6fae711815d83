using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending.Bench;

/// <summary>
/// Books of any length in little time: for every sale a hold, its settlement, the order and the signer's line, through the same posting rules, chain,
/// seals and tables as a real sale, thousands in one commit. Only the tokens are numbers that no meter takes, and receipts are left out.
/// </summary>
internal sealed class BulkBooks(VendingHouse house, SoftwareKeyCustody custody, SaleTerms terms, IReadOnlyList<DecoderKeyAttributes> meters, SalesChannel channel)
{
    public const int SalesPerCommit = 2_000;
    private const long Paid = 5_000;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The id of the n-th sale, by rising time as real ones are.</summary>
    public static Guid OrderId(long n) => new(string.Create(CultureInfo.InvariantCulture, $"{n:x12}-7000-8000-{n:x12}").Insert(8, "-"));

    /// <summary>Writes sales <paramref name="first"/> to <paramref name="last"/>.</summary>
    public async Task WriteAsync(long first, long last, CancellationToken cancellationToken)
    {
        for (long from = first; from <= last; from += SalesPerCommit)
        {
            long begin = from, end = Math.Min(last, from + SalesPerCommit - 1);
            VendOrder[] orders = await house.Database.WriteAsync(s => Sell(s, begin, end), cancellationToken).ConfigureAwait(false);
            await house.SignerStore.UpdateAsync(books => Sign(books, orders), cancellationToken).ConfigureAwait(false);
        }
    }

    private VendOrder[] Sell(SqliteSession session, long first, long last)
    {
        var books = new SqliteVendingBooks(session);
        var orders = new VendOrder[last - first + 1];
        for (long n = first; n <= last; n++)
        {
            VendOrder order = Order(n);
            JournalEntry hold = BulkSale.Hold(order, channel);
            PostResult result = books.Post(hold);
            if (result == PostResult.AccountNotFound)
            {
                foreach (LedgerAccount account in BulkSale.Accounts(hold, channel)) books.Open(account);
                result = books.Post(hold);
            }

            Require(result);
            Require(books.Post(BulkSale.Settle(order, hold)));
            books.Save(order);
            orders[n - first] = order;
        }

        return orders;
    }

    private bool Sign(ISignerBooks books, VendOrder[] orders)
    {
        SignatureRecord? last = books.Last;
        SigningKeyRecord key = books.Keys[0];
        KeyCounters counters = key.Counters;
        foreach (VendOrder order in orders)
        {
            last = BulkSale.Line(custody, order, key.KeyId, last);
            books.Append(last);
            counters = new KeyCounters(counters.Tokens + 1, counters.Tenths + last.Tenths, counters.MinorUnits + last.MinorUnits);
        }

        books.Save(BulkSale.Seal(custody, key with { Counters = counters }));
        return true;
    }

    private VendOrder Order(long n)
    {
        DateTimeOffset at = Start.AddMilliseconds(n);
        DecoderKeyAttributes meter = meters[(int)(n % meters.Count)];
        var command = new PlaceOrder(OrderId(n), meter.Pan, new Money(Paid, Currency.Cny), channel.Code);
        return new VendOrder(
            command, OrderState.Posted, new OrderTimes(at, Held: at, Posted: at), terms with { Key = meter },
            TokenIdentifier.FromMinutes((uint)(1 + (n / meters.Count))), Token: NumberOf(n));
    }

    private static TokenNumber NumberOf(long n)
    {
        byte[] hash = SHA256.HashData(BitConverter.GetBytes(n));
        return TokenNumber.Parse((BitConverter.ToUInt64(hash) % 1_000_000_000_000_000_000).ToString("D20", CultureInfo.InvariantCulture));
    }

    private static void Require(PostResult result)
    {
        if (result != PostResult.Posted) throw new InvalidOperationException($"The books refuse a sale of the bench: {result}.");
    }
}
