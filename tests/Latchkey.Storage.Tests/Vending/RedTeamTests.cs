using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>What insiders and thieves try: each gets no token without an order, or the audit names what was done.</summary>
public sealed class RedTeamTests
{
    private static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);

    [Fact]
    public async Task DatabaseWriter_WhoForgesAWholeSale_GetsNoTokenAndIsNamed()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        shop.Restart();

        // A perfect forgery: a balanced entry with the right hash at the end of the chain, and a held order that rests on it.
        VendOrder forged = Forged(shop, 66);
        AppendEntry(shop, SaleEntries.Hold(forged, Shop.Options.FindChannel("wechat")!, shop.Clock.GetUtcNow(), TimeSpan.FromMinutes(10)));
        InsertOrder(shop, forged);

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => shop.Desk.RecoverAsync(CancellationToken.None));
        Assert.Equal(StorageFailure.Damaged, refused.Failure);
        Assert.Equal(1, shop.House.Keys.Keys.Single().Counters.Tokens);
        Assert.Contains("not written by the program", shop.House.Audit.Verify().Ledger.Problem);
    }

    [Fact]
    public async Task DatabaseWriter_WhoForgesADeposit_StopsTheSaleAndIsNamed()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        AppendEntry(shop, JournalEntry.Post(
            Shop.Id(900), shop.Clock.GetUtcNow(), "deposit", Posting.Debit(AccountId.Require("clearing:wechat"), Cny, 900), Posting.Credit(AccountId.Require("revenue:energy"), Cny, 900)));
        await Assert.ThrowsAsync<StorageException>(() => shop.Place(Shop.Order(2)));
        Assert.NotNull(shop.House.Audit.Verify().Ledger.Problem);
    }

    [Fact]
    public async Task DatabaseWriter_WhoSpoilsOneOfTheNewestEntries_IsNamedByTheAudit()
    {
        // Totals are written once for many commits: the newest entries are read to know them, and one of them cannot be read.
        using Shop shop = await Shop.OpenAsync();
        for (int i = 1; i <= 3; i++) await shop.Buy(i);
        Edit(shop, "latchkey.db", "DROP TRIGGER ledger_entry_is_final; UPDATE ledger_entry SET canonical = x'00' WHERE sequence = 4");
        Assert.Equal(4, shop.House.Audit.Verify().Ledger.FirstBadSequence);
    }

    [Fact]
    public async Task DatabaseWriter_WhoRemovesTheSeal_StopsTheSale()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        Edit(shop, "latchkey.db", "UPDATE ledger_mark SET seal = NULL");
        await Assert.ThrowsAsync<StorageException>(() => shop.Place(Shop.Order(2)));
    }

    [Fact]
    public async Task DatabaseWriter_WhoFillsAFloat_IsNamedByTheAudit()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.House.Ledger.OpenAccountAsync(
            new LedgerAccount(AccountId.Require("float:shop-7"), Cny, AccountClass.Liability, AccountLimit.DebitsMustNotExceedCredits), CancellationToken.None);
        Edit(shop, "latchkey.db", "UPDATE ledger_account SET credits_posted = 900000 WHERE id = 'float:shop-7'");
        await shop.Place(Shop.Order(1) with { Channel = "shop-7", PaymentReference = null });
        VendingAuditReport report = await shop.House.Audit.ReconcileAsync(shop.House.Signer, CancellationToken.None);
        Assert.Contains("float:shop-7", report.Ledger.Problem);
        Assert.Equal("key-stopped", await shop.DeclineCode(Shop.Order(2)));
    }

    [Fact]
    public async Task DatabaseWriter_WhoTurnsIdentifiersBack_GetsNoTokenOfTheSameIdentifier()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome.Issued first = await shop.Buy(1);
        shop.Restart();
        Edit(shop, "latchkey.db", "DELETE FROM vend_tid; DROP INDEX vend_order_tid");
        Assert.Equal("signed-with-other-content", await shop.DeclineCode(Shop.Order(2)));
        Assert.Single(first.Receipt.Tokens);
    }

    [Fact]
    public async Task Administrator_Alone_CanNeitherRaiseALimitNorResumeAKeyNorIssueAManagementToken()
    {
        using Shop shop = await Shop.OpenAsync();
        var alone = new TwoPeople("admin", "Admin ");
        ApprovalPerson admin = ApprovalPerson.AtMachine("root", "admin"), alias = ApprovalPerson.AtMachine("root", "somebody else");
        ApprovalEffect more = ActEffects.KeyLimit(shop.Key(), 1, out _)!;
        Assert.Equal("approval-same-person", Insiders.CodeOf(await shop.House.Acts.AskAndApproveAsync(Shop.Id(6), more, "more", admin, alias, CancellationToken.None)));
        Assert.Equal("two-approvers-needed", await shop.House.Keys.ApplyAsync(Shop.Id(6), more, CancellationToken.None));
        Assert.Equal("two-approvers-needed", await shop.House.Keys.ImportAsync(new byte[20], Shop.Terms(), 1, alone, CancellationToken.None));
        ManagementOutcome outcome = await shop.Desk.IssueManagementTokenAsync(
            new ManagementRequest(Shop.Id(5), Shop.Pan, ManagementSubClass.ClearTamperCondition, 0, "opened", "admin", "ADMIN"), CancellationToken.None);
        Assert.Equal("two-approvers-needed", Assert.IsType<ManagementOutcome.Declined>(outcome).Code);
    }

    [Fact]
    public async Task Caller_WhoOwnsTheDesk_GetsNoMoreThanTheKeysLimitAndEveryTokenHasItsOrder()
    {
        // A compromised desk can hold money that nobody paid: what it gets is bounded by the signer, and what it got is in the books.
        using Shop shop = await Shop.OpenAsync(creditLimit: 12_000);
        await shop.Buy(1);
        await shop.Buy(2);
        Assert.Equal("key-credit-limit", await shop.DeclineCode(Shop.Order(3)));
        Assert.Equal(2, shop.House.Audit.Verify().Tokens);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Caller_WhoThrowsOrdersAway_LeavesTokensThatTheAuditNames()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await shop.Buy(2);
        Edit(shop, "latchkey.db", $"DELETE FROM vend_order WHERE id = x'{Convert.ToHexString(Shop.Id(2).ToByteArray(bigEndian: true))}'");
        VendingAuditReport report = shop.House.Audit.Verify();
        Assert.Contains(report.Differences, d => d.Where == "order " + Shop.Id(2) && d.Problem.Contains("no order"));
    }

    [Fact]
    public async Task Thief_WithABackupOfTheDatabases_CannotOpenTheKeys()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        shop.Restart();
        string stolen = CopyOf(shop, file => !file.EndsWith(".key", StringComparison.Ordinal));
        using VendingHouse house = VendingHouse.Open(stolen, new VendingHouseOptions(Shop.Options, new TariffBook([Shop.Blocks()])), shop.Clock);
        OrderOutcome outcome = await house.Desk.PlaceAsync(Shop.Order(2), CancellationToken.None);
        Assert.Equal("key-record-damaged", Assert.IsType<OrderOutcome.Declined>(outcome).Code);
    }

    [Fact]
    public async Task Thief_WhoPutsAnOldSignerBack_IsNamedByTheAudit()
    {
        // The counters of yesterday under the orders of today: the limit would be whole again.
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        shop.Restart();
        string old = CopyOf(shop, _ => true);
        await shop.Buy(2);
        shop.House.Dispose();
        foreach (string file in Directory.GetFiles(shop.Directory, "signer.db*")) File.Delete(file);
        foreach (string file in Directory.GetFiles(old, "signer.db*")) File.Copy(file, Path.Combine(shop.Directory, Path.GetFileName(file)));
        OfflineAuditReport report = OfflineAudit.Verify(shop.Directory);
        Assert.Contains(report.Report.Differences, d => d.Where == "order " + Shop.Id(2) && d.Problem.Contains("signer does not know"));
        shop.Restart();
    }

    [Fact]
    public async Task Keeper_WhoRewritesTheBooksWithEveryKey_IsNamedByThePublishedRoot()
    {
        // Whoever has all keys and files can write other books that are sound in themselves: only what is outside holds them.
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await shop.Buy(2);
        using RootKey key = RootKey.OpenOrCreate(shop.Directory);
        PublishedRoot root = key.Sign("Riverside Park", shop.House.Audit.Verify().Ledger, shop.Clock.GetUtcNow());
        Assert.True(shop.House.Audit.Verify([root]).IsIntact);

        using Shop rewritten = await Shop.OpenAsync();
        await rewritten.Buy(1);
        await rewritten.Buy(3);
        Assert.True(rewritten.House.Audit.Verify().IsIntact);
        AuditDifference difference = Assert.Single(rewritten.House.Audit.Verify([root]).Differences);
        Assert.Contains("rewritten", difference.Problem);

        using Shop shorter = await Shop.OpenAsync();
        await shorter.Buy(1);
        Assert.Contains("published", Assert.Single(shorter.House.Audit.Verify([root]).Differences).Problem);
    }

    private static VendOrder Forged(Shop shop, int id)
    {
        SaleTerms terms = Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(Shop.Order(id))).Terms;
        DateTimeOffset now = shop.Clock.GetUtcNow();
        return new VendOrder(Shop.Order(id), OrderState.Held, new OrderTimes(now, Held: now), terms, TokenIdentifier.FromMinutes(6_777_000));
    }

    /// <summary>What the writer of the file can do without the program: the next entry of the chain, as it would be.</summary>
    private static void AppendEntry(Shop shop, JournalEntry entry)
    {
        using SqliteConnection connection = Connect(shop, "latchkey.db");
        using SqliteCommand last = connection.CreateCommand();
        last.CommandText = "SELECT sequence, hash FROM ledger_entry ORDER BY sequence DESC LIMIT 1";
        long sequence;
        ChainHash hash;
        using (SqliteDataReader row = last.ExecuteReader())
        {
            Assert.True(row.Read());
            (sequence, hash) = (row.GetInt64(0) + 1, new ChainHash((byte[])row.GetValue(1)));
        }

        byte[] canonical = EntryCodec.Encode(sequence, entry);
        Run(connection, "INSERT INTO ledger_entry (sequence, id, canonical, hash) VALUES ($1, $2, $3, $4)",
            sequence, entry.Id.ToByteArray(bigEndian: true), canonical, hash.Next(canonical).ToArray());
        Run(connection, "UPDATE ledger_mark SET newest = $1", sequence);
    }

    private static void InsertOrder(Shop shop, VendOrder order)
    {
        using SqliteConnection connection = Connect(shop, "latchkey.db");
        Run(
            connection,
            """
            INSERT INTO vend_order (id, state, pan, minor_units, currency, channel, payment_reference, attempt, received_at, held_at, base_year, tid, terms)
            VALUES ($1, 2, $2, $3, 'CNY', $4, $5, 1, $6, $6, 2014, $7, $8)
            """,
            order.Id.ToByteArray(bigEndian: true), (long)order.Command.Pan.Value, order.Command.Amount.MinorUnits, order.Command.Channel,
            order.Command.PaymentReference!, order.Times.Held!.Value.ToUnixTimeMilliseconds(), (long)order.Tid!.Value.Minutes, SaleTermsCodec.Encode(order.Terms!));
    }

    private static void Edit(Shop shop, string file, string sql)
    {
        using SqliteConnection connection = Connect(shop, file);
        Run(connection, sql);
    }

    private static SqliteConnection Connect(Shop shop, string file)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(shop.Directory, file)};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql, params object[] values)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i]);
        command.ExecuteNonQuery();
    }

    private static string CopyOf(Shop shop, Func<string, bool> take)
    {
        string copy = Directory.CreateDirectory(Path.Combine(shop.Directory, "copy-" + Path.GetRandomFileName())).FullName;
        foreach (string file in Directory.GetFiles(shop.Directory).Where(take)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }
}
