using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>What an insider may try: the signer refuses, or the audit names it.</summary>
public sealed class SignerTests
{
    [Fact]
    public async Task Sign_AnOrderWithoutAnEntry_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        VendOrder invented = await Invented(shop);
        Assert.Equal("ledger-entry-missing", await Refusal(shop, invented, new HeldEntry(invented.HoldId, default)));
    }

    [Fact]
    public async Task Sign_ASecondOrderOnTheFirstOnesEntry_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        VendOrder invented = await Invented(shop);
        VendOrder real = shop.Desk.Find(Shop.Id(1))!;
        RecordedEntry entry = shop.House.Ledger.FindEntry(real.HoldId)!;
        Assert.Equal("ledger-entry-missing", await Refusal(shop, invented, new HeldEntry(real.HoldId, entry.Hash)));
    }

    [Fact]
    public async Task Sign_MoreUnitsThanTheEntryGrants_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        VendOrder real = shop.Desk.Find(Shop.Id(1))!;
        HeldEntry held = Held(shop, real);
        Assert.Equal("ledger-entry-mismatch", await Refusal(shop, real with { Terms = real.Terms! with { TenthsGranted = 9_999 } }, held));
        Assert.Equal("ledger-entry-mismatch", await Refusal(shop, real with { Command = real.Command with { Amount = Money.FromMajor(1m, Currency.Cny) } }, held));
        Assert.Equal("ledger-entry-mismatch", await Refusal(shop, real with { Terms = real.Terms with { Key = real.Terms.Key with { Pan = Shop.OtherPan } } }, held));
    }

    [Fact]
    public async Task Sign_TheSameOrderWithAnotherIdentifier_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        VendOrder real = shop.Desk.Find(Shop.Id(1))!;
        Assert.True(real.Tid!.Value.TryNext(out TokenIdentifier next));
        Assert.Equal("signed-with-other-content", await Refusal(shop, real with { Tid = next }, Held(shop, real)));
    }

    [Fact]
    public async Task Sign_AgainAsBefore_GivesTheSameTokenAndCountsNothing()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        VendOrder real = shop.Desk.Find(Shop.Id(1))!;
        SignOutcome again = await shop.House.Signer.SignAsync(real, Held(shop, real), CancellationToken.None);
        Assert.Equal(new SignOutcome.Signed(real.Token!.Value), again);
        Assert.Equal(1, shop.House.Keys.Keys.Single().Counters.Tokens);
    }

    [Fact]
    public async Task Sign_AnEntryPaidByNobody_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        VendOrder order = (await Invented(shop)) with { State = OrderState.Held };
        LedgerUnit cny = LedgerUnit.Of(Currency.Cny);
        LedgerAccount[] accounts =
        [
            new(AccountId.Require("expense:gifts"), cny, AccountClass.Expense),
            new(AccountId.Require("revenue:energy"), cny, AccountClass.Income),
            new(AccountId.Require("units:sold"), LedgerUnit.TenthsOfKilowattHour, AccountClass.Memorandum),
            new(AccountId.Require("units:issued:" + Shop.Pan), LedgerUnit.TenthsOfKilowattHour, AccountClass.Memorandum),
        ];
        foreach (LedgerAccount account in accounts) await shop.House.Ledger.OpenAccountAsync(account, CancellationToken.None);
        JournalEntry gift = JournalEntry.Hold(
            order.HoldId, shop.Clock.GetUtcNow(), "order " + order.Id, null,
            Posting.Debit(accounts[0].Id, cny, 5_000), Posting.Credit(accounts[1].Id, cny, 5_000),
            Posting.Debit(accounts[3].Id, LedgerUnit.TenthsOfKilowattHour, order.Terms!.TenthsGranted),
            Posting.Credit(accounts[2].Id, LedgerUnit.TenthsOfKilowattHour, order.Terms.TenthsGranted));
        Assert.Equal(PostResult.Posted, await shop.House.Ledger.PostAsync(gift, CancellationToken.None));
        Assert.Equal("ledger-entry-mismatch", await Refusal(shop, order, Held(shop, order)));
    }

    [Fact]
    public async Task Place_BeyondTheKeysLimit_IsDeclinedUntilTwoPeopleRaiseIt()
    {
        using Shop shop = await Shop.OpenAsync(creditLimit: 8_000);
        await shop.Buy(1);
        Assert.Equal("key-credit-limit", await shop.DeclineCode(Shop.Order(2)));
        Assert.Equal(5_000, shop.Balance("clearing:wechat"));

        Assert.Null(await shop.Raise(80, 5_000));
        await shop.Buy(2);
        shop.AssertBooksAgree();
    }

    [Theory]
    [InlineData(-400, "key-not-active")]
    [InlineData(400, "key-not-active")]
    public async Task Place_OutsideTheKeysTime_IsDeclined(int days, string code)
    {
        using Shop shop = await Shop.OpenAsync();
        var terms = Shop.Terms() with { KeyRevision = KeyRevisionNumber.FromValue(2), IssueUntil = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        await shop.House.Keys.ImportAsync(new byte[20], terms, 1_000_000, new TwoPeople("Ann", "Bo"), CancellationToken.None);
        MeterRecord meter = shop.House.Meters.Find(Shop.Pan)!;
        await shop.House.Meters.SaveAsync(meter with { Key = meter.Key with { KeyRevision = terms.KeyRevision } }, CancellationToken.None);
        await shop.Buy(1);
        shop.Clock.Advance(TimeSpan.FromDays(days));
        Assert.Equal(code, await shop.DeclineCode(Shop.Order(2, pan: days < 0 ? Shop.OtherPan : Shop.Pan)));
    }

    [Fact]
    public async Task Place_WithoutAKeyForTheMeter_IsDeclined()
    {
        using Shop shop = await Shop.OpenAsync();
        MeterRecord meter = shop.House.Meters.Find(Shop.Pan)!;
        await shop.House.Meters.SaveAsync(meter with { Key = meter.Key with { KeyRevision = KeyRevisionNumber.FromValue(3) } }, CancellationToken.None);
        Assert.Equal("key-missing", await shop.DeclineCode(Shop.Order(1)));
        Assert.Equal(0, shop.Balance("clearing:wechat"));
    }

    [Theory]
    [InlineData("UPDATE signer_key SET credit_limit = 999999999")]
    [InlineData("UPDATE signer_key SET minor_units = 0, tokens = 0")]
    [InlineData("UPDATE signer_key SET wrapped = zeroblob(48)")]
    [InlineData("UPDATE signer_key SET stopped = NULL")]
    public async Task Place_AfterSomebodyEditedTheKey_IsDeclined(string edit)
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        if (edit.Contains("stopped")) await shop.House.Signer.StopAsync(Shop.KeyId, "drill", CancellationToken.None);
        await EditSigner(shop, edit);
        Assert.Equal("key-record-damaged", await shop.DeclineCode(Shop.Order(2)));
    }

    [Fact]
    public async Task Resume_AKeyThatWasEditedBeforeItWasStopped_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await EditSigner(shop, "UPDATE signer_key SET credit_limit = 999999999");

        // The stop that follows must not seal the edit as if it were the signer's own.
        await shop.House.Signer.StopAsync(Shop.KeyId, "drill", CancellationToken.None);
        Assert.Equal("key-record-damaged", await shop.Resume(80));
        Assert.Equal("key-record-damaged", await shop.DeclineCode(Shop.Order(1)));
    }

    [Fact]
    public async Task Import_IntoTheBooksOfAnotherCustody_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using var stranger = new SoftwareKeyCustody(new byte[32]);
        var keys = new KeyAdministration(shop.House.SignerStore, stranger, shop.House.Ledger);
        Assert.True(keys.IsOfAnotherCustody);
        SigningKeyTerms terms = Shop.Terms() with { KeyRevision = KeyRevisionNumber.FromValue(2) };
        Assert.Equal("other-custody", await keys.ImportAsync(new byte[20], terms, 1, new TwoPeople("Ann", "Bo"), CancellationToken.None));
        Assert.False(shop.House.Keys.IsOfAnotherCustody);
    }

    [Fact]
    public async Task Place_WithAStoppedKey_IsDeclinedUntilTwoPeopleResumeIt()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.House.Signer.StopAsync(Shop.KeyId, "drill", CancellationToken.None);
        Assert.Equal("key-stopped", await shop.DeclineCode(Shop.Order(1)));
        Assert.Null(await shop.Resume(80));

        // The same order, sent again: a new hold, because the signer has promised never to sign the first.
        Assert.Equal(2, shop.Desk.Find((await shop.Buy(1)).Receipt.OrderId)!.Attempt);
        shop.AssertBooksAgree();
    }

    [Theory]
    [InlineData("DELETE FROM signer_line WHERE number = 2", "it is missing")]
    [InlineData("DELETE FROM signer_line WHERE number = 3", "counters differ")]
    [InlineData("UPDATE signer_line SET tenths = tenths + 1 WHERE number = 2", "it was changed")]
    [InlineData("UPDATE signer_line SET token_hash = zeroblob(32) WHERE number = 1", "not the one that was signed")]
    public async Task Reconcile_AnEditedJournal_IsNamedAndStopsTheKey(string edit, string problem)
    {
        using Shop shop = await Shop.OpenAsync();
        for (int i = 1; i <= 3; i++) await shop.Buy(i);
        await EditSigner(shop, edit);
        VendingAuditReport report = await shop.House.Audit.ReconcileAsync(shop.House.Signer, CancellationToken.None);
        Assert.Contains(report.Differences, d => d.Problem.Contains(problem));
        Assert.Equal("key-stopped", await shop.DeclineCode(Shop.Order(9)));
    }

    [Fact]
    public async Task Reconcile_AGhostTokenInTheJournal_IsNamedByItsOrder()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);

        // With custody's own key an insider can even write a good MAC; the ledger still has no such entry.
        using SoftwareKeyCustody custody = CustodyKeyFile.OpenOrCreate(shop.Directory);
        await shop.House.SignerStore.UpdateAsync(
            books =>
            {
                SignatureRecord ghost = books.Last! with
                {
                    Number = 2, OrderId = Shop.Id(666), EntryId = Shop.Id(667), Tid = TokenIdentifier.FromMinutes(77), Tenths = 5_000,
                };
                books.Append(ghost with { Mac = custody.Mac(books.Last!.Mac.Span, Canonical(ghost)) });
                return true;
            },
            CancellationToken.None);
        VendingAuditReport report = shop.House.Audit.Verify();
        Assert.Contains(report.Differences, d => d.Where == "order " + Shop.Id(666) && d.Problem.Contains("no entry"));
        Assert.Contains(report.Differences, d => d.Where == "key " + Shop.KeyId);
    }

    [Theory]
    [InlineData("UPDATE vend_order SET token = '00000000000000000000'", "not the one that was signed")]
    [InlineData("UPDATE vend_order SET minor_units = 1", "not those that were signed")]
    [InlineData("DROP TRIGGER vend_answer_is_final; UPDATE vend_answer SET answer = x'7B7D'", "shows another token")]
    public async Task Verify_AnEditedOrder_IsNamed(string edit, string problem)
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await shop.House.Database.WriteAsync(s => s.ExecuteScript(edit), CancellationToken.None);
        AuditDifference difference = Assert.Single(shop.House.Audit.Verify().Differences);
        Assert.Equal("order " + Shop.Id(1), difference.Where);
        Assert.Contains(problem, difference.Problem);
    }

    [Fact]
    public async Task Verify_BesideRunningSales_SeesNoFalseDifference()
    {
        using Shop shop = await Shop.OpenAsync();
        Task sales = Task.WhenAll(Enumerable.Range(1, 40).Select(i => Task.Run(() => shop.Buy(i, pan: i % 2 == 0 ? Shop.Pan : Shop.OtherPan))));
        while (!sales.IsCompleted) shop.AssertBooksAgree();
        await sales;
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task KeyFile_ReadableByOthers_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        string path = Path.Combine(shop.Directory, CustodyKeyFile.FileName);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Throws<StorageException>(() => CustodyKeyFile.OpenOrCreate(shop.Directory));
    }

    [Fact]
    public async Task Files_OfADataDirectory_NeverHoldAVendingKeyInTheClear()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        shop.Restart();
        byte[] key = Convert.FromHexString("ABABABABABABABAB949494949494949401234567");
        foreach (string file in Directory.GetFiles(shop.Directory))
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            Assert.True(bytes.AsSpan().IndexOf(key) < 0, file);
        }
    }

    [Fact]
    public async Task Custody_OfAnotherMachine_DoesNotOpenTheKeys()
    {
        using Shop shop = await Shop.OpenAsync();
        using var stranger = new SoftwareKeyCustody(new byte[32]);
        SigningKeyRecord record = shop.House.Keys.Keys.Single();
        Assert.Null(stranger.Open(record));
        using SoftwareKeyCustody own = CustodyKeyFile.OpenOrCreate(shop.Directory);
        Assert.NotNull(own.Open(record));

        // Bound to its terms: the same bytes do not open as another group's key.
        Assert.Null(own.Open(record with { Terms = record.Terms with { SupplyGroup = SupplyGroupCode.Parse("000001") } }));
    }

    [Fact]
    public async Task Import_AnotherKeyUnderTheSameName_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        Assert.Equal("signed-with-other-content", await shop.House.Keys.ImportAsync(new byte[20], Shop.Terms(), 1, new TwoPeople("Ann", "Bo"), CancellationToken.None));
        Assert.Equal("key-record-damaged", await shop.House.Keys.ImportAsync(new byte[7], Shop.Terms(), 1, new TwoPeople("Ann", "Bo"), CancellationToken.None));
        Assert.Equal("two-approvers-needed", await shop.House.Keys.ImportAsync(new byte[20], Shop.Terms(), 1, new TwoPeople("Ann", ""), CancellationToken.None));
    }

    private static async Task<string> Refusal(Shop shop, VendOrder order, HeldEntry held) =>
        Assert.IsType<SignOutcome.Refused>(await shop.House.Signer.SignAsync(order, held, CancellationToken.None)).Code;

    private static HeldEntry Held(Shop shop, VendOrder order)
    {
        RecordedEntry entry = shop.House.Ledger.FindEntry(order.HoldId)!;
        return new HeldEntry(entry.Entry.Id, entry.Hash);
    }

    /// <summary>An order that was never placed, with terms as a sale would have.</summary>
    private static Task<VendOrder> Invented(Shop shop)
    {
        SaleTerms terms = Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(Shop.Order(50))).Terms;
        return Task.FromResult(new VendOrder(
            Shop.Order(50), OrderState.Held, new OrderTimes(shop.Clock.GetUtcNow()), terms, TokenIdentifier.FromMinutes(6_777_000)));
    }

    private static byte[] Canonical(SignatureRecord line) => line.CanonicalBytes();

    private static async Task EditSigner(Shop shop, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(shop.Directory, SqliteSignerStore.FileName)};Pooling=False");
        await connection.OpenAsync();
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
