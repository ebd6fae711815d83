using CsCheck;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Settlements;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Settled money leaves the clearing account once, whatever file brings it, however often, and wherever the program ended; what does not fit is named.</summary>
public sealed class SettlementTests
{
    private static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);

    [Fact]
    public async Task Post_AFile_MovesMoneyFromClearingToTheBankLessTheFee()
    {
        using Shop shop = await Shop.OpenAsync();
        for (int i = 1; i <= 3; i++) await shop.Buy(i);
        SettlementOutcome.Posted posted = await Post(shop, Paper("D1", Pay(1), Pay(2)));
        Assert.Equal((2, 0, true), (posted.New, posted.Differences.Count, posted.Record.IsPosted));
        Assert.Equal((5_000, 9_940, 60), (shop.Balance("clearing:wechat"), shop.Balance("bank:settled-wechat-cny"), shop.Balance("expense:settlement-fees-wechat-cny")));
        Assert.True(shop.House.Ledger.TrialBalance().IsBalanced);
        Assert.Empty(await Found(shop));
    }

    [Fact]
    public async Task Post_TheSameFileAgain_ChangesNothing_AndOtherContentUnderItsNameIsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Post(shop, Paper("D1", Pay(1)));
        long entries = Entries(shop);
        Assert.Equal(0, (await Post(shop, Paper("D1", Pay(1)))).New);
        Assert.Equal("settlement-changed", await Refusal(shop, Paper("D1", Pay(1, 4_999))));
        Assert.Equal("settlement-changed", await Refusal(shop, Paper("D1", Pay(1), Pay(2))));

        SettlementOutcome.Posted other = await Post(shop, Paper("D2", Pay(1)));
        Assert.Equal((0, 1, true), (other.New, other.Record.Known, other.Record.IsPosted));
        Assert.Equal("settlement-line-changed", await Refusal(shop, Paper("D3", Pay(1, 4_999), Pay(2))));
        Assert.Equal(entries, Entries(shop));
        Assert.Empty(await Found(shop));
    }

    public static TheoryData<SettlementPaper> Malformed => new(
        Paper("D1"), Paper("", Pay(1)), Paper("a b", Pay(1)), Paper("D1", Pay(1), Pay(1)), Paper("D1", Pay(1, fee: 5_001)), Paper("D1", Pay(1, fee: -1)), Paper("D1", Pay(1, 0)),
        Paper("D1", Pay(1)) with { Channel = "We Chat" }, Paper("D1", Pay(1)) with { Channel = "alipay" }, Paper("D1", Pay(1)) with { To = Day }, Paper("D1", Refund(1, "r 1", 5)));

    [Theory, MemberData(nameof(Malformed))]
    public async Task Post_WhatIsNoFile_IsRefused(SettlementPaper paper)
    {
        using Shop shop = await Shop.OpenAsync();
        Assert.Equal("settlement-malformed", await Refusal(shop, paper));
        Assert.Empty(shop.House.Settlements.Papers(10));
    }

    [Fact]
    public async Task Post_MoneyThatNobodySold_WaitsInSuspenseUntilItGoesBack()
    {
        using Shop shop = await Shop.OpenAsync();
        SettlementDifference difference = Assert.Single((await Post(shop, Paper("D1", Pay(9)))).Differences);
        Assert.Equal(("pay-9", 5_000), (difference.Reference, difference.MinorUnits));
        Assert.Equal((0, -5_000), (shop.Balance("clearing:wechat"), shop.Balance("suspense:settlement-wechat-cny")));
        Assert.Equal([FindingCodes.PaidWithoutToken], await Found(shop));

        Assert.Empty((await Post(shop, Paper("D2", Refund(9, "r1", 2_000, -12), Refund(9, "r2", 3_000, -18)))).Differences);
        Assert.Equal((0, 0, 0), (shop.Balance("suspense:settlement-wechat-cny"), shop.Balance("bank:settled-wechat-cny"), shop.Balance("expense:settlement-fees-wechat-cny")));
        Assert.Empty(await Found(shop));
    }

    [Fact]
    public async Task Post_ARefundOfASaleThatWasTakenBack_ClearsTheClearingAccount()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Post(shop, Paper("D1", Pay(1)));
        await shop.House.Cancellations.CancelAsync(
            Shop.Id(1), new UnusedProof(UnusedReason.RefusedAsOld, shop.Desk.Find(Shop.Id(1))!.Tid!.Value, shop.Clock.GetUtcNow(), "5e1f"), CancellationToken.None);
        Assert.Equal(-5_000, shop.Balance("clearing:wechat"));
        await Post(shop, Paper("D2", Refund(1, "r1", 5_000, -30)));
        Assert.Equal((0, 0, 0), (shop.Balance("clearing:wechat"), shop.Balance("bank:settled-wechat-cny"), shop.Balance("suspense:settlement-wechat-cny")));
        Assert.Empty(await Found(shop));
    }

    [Fact]
    public async Task Post_ARefundWhileTheTokenStands_IsALossThatTwoPeopleAnswerFor()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Post(shop, Paper("D1", Pay(1), Refund(1, "r1", 700)));
        Assert.Equal((0, 700), (shop.Balance("clearing:wechat"), shop.Balance("suspense:settlement-wechat-cny")));
        Assert.Contains(FindingCodes.SettlementDiffers, await Found(shop));

        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(40, ActEffects.Settlement(shop.House.Settlements.Find("wechat", "pay-1")!)));
        Assert.Equal((0, 700), (shop.Balance("suspense:settlement-wechat-cny"), shop.Balance("expense:settlement-differences-cny")));
        Assert.DoesNotContain(FindingCodes.SettlementDiffers, await Found(shop));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Resolve_MoreThanWasSold_IsApprovedOnceAndForThatAmountAlone()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Post(shop, Paper("D1", Pay(1, 5_050)));
        SettlementDifference difference = shop.House.Settlements.Find("wechat", "pay-1")!;
        Assert.Equal(50, difference.MinorUnits);
        ApprovalEffect effect = ActEffects.Settlement(difference);
        Assert.Equal("approval-mismatch", Assert.IsType<ApprovalOutcome.Refused>(await shop.Act(40, ActEffects.Settlement(difference with { MinorUnits = 49 }))).Code);
        Assert.Equal("approval-mismatch", Assert.IsType<ApprovalOutcome.Refused>(await shop.Act(41, ActEffects.Settlement(difference with { MinorUnits = -50 }))).Code);
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(42, effect));
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.DoAsync(Shop.Id(42), CancellationToken.None)); // repeated
        Assert.Equal("approval-mismatch", Assert.IsType<ApprovalOutcome.Refused>(await shop.Act(43, effect)).Code);
        Assert.Equal((0, -50), (shop.Balance("suspense:settlement-wechat-cny"), shop.Balance("expense:settlement-differences-cny")));
        Assert.Null(shop.House.Settlements.Find("wechat", "pay-1"));
    }

    [Fact]
    public async Task Resolve_MoneyThatASaleHasUsedSince_GoesToTheClearingAccount()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(2);
        await Post(shop, Paper("D1", Pay(1)));
        await shop.Buy(1);
        Assert.Equal((10_000, -5_000), (shop.Balance("clearing:wechat"), shop.Balance("suspense:settlement-wechat-cny")));
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(40, ActEffects.Settlement(shop.House.Settlements.Find("wechat", "pay-1")!)));
        Assert.Equal((5_000, 0, 0), (shop.Balance("clearing:wechat"), shop.Balance("suspense:settlement-wechat-cny"), shop.Balance("expense:settlement-differences-cny")));
        Assert.Empty(await Found(shop));
    }

    // The lines are kept in one transaction, booked in batches: a program that ends between two of them leaves the rest to the same file.
    [Fact]
    public async Task Post_ThatWasBrokenOff_IsNamedAndFinishedByTheSameFile()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        SettlementPaper paper = Paper("D1", [.. Enumerable.Range(1, 600).Select(n => Pay(n))]);
        var dying = new DyingSettlements(shop.House.Settled, lives: 2);
        await Assert.ThrowsAsync<PowerCutException>(() => new SettlementDesk(dying, shop.House.Papers, shop.Clock).PostAsync(paper, CancellationToken.None));
        Assert.Equal(250, Assert.Single(shop.House.Settlements.Papers(10)).Posted);
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Contains(FindingCodes.SettlementUnposted, await Found(shop));
        Assert.Equal(350, (await Post(shop, paper)).New);
        Assert.Equal(600 * 4_970, shop.Balance("bank:settled-wechat-cny"));
        Assert.DoesNotContain(FindingCodes.SettlementUnposted, await Found(shop));
    }

    // Breach: whoever may post writes settlements that no service sent.
    [Fact]
    public async Task Caller_WhoTakesMoneyFromClearingWithoutALine_IsNamed()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await shop.Buy(2);
        await Post(shop, Paper("D1", Pay(1)));
        foreach ((int id, string memo) in new[] { (50, "payout"), (51, "settlement wechat pay:pay-2"), (52, "settlement wechat pay:pay-1") })
        {
            Assert.Equal(PostResult.Posted, await shop.House.Ledger.PostAsync(
                JournalEntry.Post(Shop.Id(id), shop.Clock.GetUtcNow(), memo, Posting.Debit(AccountId.Require("bank:settled-wechat-cny"), Cny, 100), Posting.Credit(AccountId.Require("clearing:wechat"), Cny, 100)),
                CancellationToken.None));
        }

        IReadOnlyList<Finding> found = await shop.RunAsync();
        Assert.Equal(3, found.Count(f => f.Code == FindingCodes.ClearingUnexplained));
        Assert.Equal(300, Assert.Single(found, f => f.Code == FindingCodes.SettlementBooksDiffer).Amount);
    }

    // Breach: whoever may write the database changes what a booked line says, or drops the guard that it is final.
    [Theory]
    [InlineData("UPDATE settle_line SET fee = 0, booked_fee = 0, bank = 5000 WHERE id = 'pay:pay-1'", "its entry moved other amounts")]
    [InlineData("UPDATE settle_line SET suspense = 1, bank = 4971 WHERE id = 'pay:pay-1'", "its entry moved other amounts")]
    [InlineData("UPDATE settle_line SET bank = 4970, booked_fee = 30, suspense = 0 WHERE id = 'pay:pay-2'", "it is marked as booked, and there is no entry of it")]
    public async Task OfflineAudit_OfALineThatWasChanged_NamesIt(string sql, string problem)
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Post(shop, Paper("D1", Pay(1)));
        Assert.True(OfflineAudit.Verify(shop.Directory).Report.IsIntact);
        await shop.House.Settled.UpdateAsync((_, rows) => { rows.Keep(Paper("D2", Pay(2)), "x", [Pay(2)], Day); return true; }, CancellationToken.None);
        await shop.House.Database.WriteAsync(s => s.Execute("DROP TRIGGER settle_line_is_final"), CancellationToken.None);
        await shop.House.Database.WriteAsync(s => s.Execute(sql), CancellationToken.None);
        Assert.Equal(problem, Assert.Single(OfflineAudit.Verify(shop.Directory).Report.Differences).Problem);
    }

    [Fact]
    public void Post_AnySplitOfTheSameLinesIntoFiles_InAnyOrder_ComesToTheSameBooks() =>
        Gen.Select(Gen.Int[1, 6].Array[6, 6], Gen.Int[0, 1_000_000], Gen.Bool).Sample(
            (file, seed, again) =>
            {
                using Shop shop = Shop.OpenAsync(directory: Latchkey.Testing.TemporaryDirectory.InMemory()).GetAwaiter().GetResult();
                shop.Buy(1).GetAwaiter().GetResult();
                shop.Buy(2, 40m).GetAwaiter().GetResult();
                PaperLine[] lines = [Pay(1), Pay(2, 4_100), Pay(3), Refund(3, "r1", 1_000), Refund(3, "r2", 4_000), Refund(1, "r3", 20)];
                SettlementPaper[] papers = [.. lines.Select((line, i) => (line, File: file[i])).GroupBy(l => l.File).Select(g => Paper("D" + g.Key, [.. g.Select(l => l.line)]))];
                new Random(seed).Shuffle(papers);
                foreach (SettlementPaper paper in again ? [.. papers, .. papers] : papers) Post(shop, paper).GetAwaiter().GetResult();
                return (shop.Balance("clearing:wechat"), shop.Balance("suspense:settlement-wechat-cny"), shop.Balance("expense:settlement-fees-wechat-cny")) == (0, -80, 90)
                    && shop.Balance("bank:settled-wechat-cny") == 14_100 - 5_020 - 90 && shop.House.Ledger.TrialBalance().IsBalanced;
            },
            iter: 40);

    private static DateTimeOffset Day { get; } = new(2026, 11, 22, 0, 0, 0, TimeSpan.FromHours(8));

    private static SettlementPaper Paper(string id, params PaperLine[] lines) => new("wechat", id, Day, Day.AddDays(1), lines);

    private static PaperLine Pay(int payment, long minorUnits = 5_000, long fee = 30) =>
        PaperLine.OfPayment(new SettlementLine("wechat", SettlementKind.Payment, "pay-" + payment, new Money(minorUnits, Currency.Cny), fee, Day.AddHours(17)));

    private static PaperLine Refund(int payment, string id, long minorUnits, long fee = 0) =>
        PaperLine.OfRefund(new SettlementLine("wechat", SettlementKind.Refund, "pay-" + payment, new Money(minorUnits, Currency.Cny), fee, Day.AddHours(19)), id);

    private static async Task<SettlementOutcome.Posted> Post(Shop shop, SettlementPaper paper) =>
        Assert.IsType<SettlementOutcome.Posted>(await shop.House.Settlements.PostAsync(paper, CancellationToken.None));

    private static async Task<string> Refusal(Shop shop, SettlementPaper paper) =>
        Assert.IsType<SettlementOutcome.Refused>(await shop.House.Settlements.PostAsync(paper, CancellationToken.None)).Code;

    /// <summary>What is found of settlements.</summary>
    private static async Task<IEnumerable<string>> Found(Shop shop) =>
        (await shop.RunAsync()).Where(f => f.Kind == ReconciliationKind.Settlement && f.Code != FindingCodes.NotInSettlement).Select(f => f.Code);

    private static long Entries(Shop shop) => shop.House.Ledger.Audit(records => records.NewestSequence ?? 0);

    /// <summary>Ends the program at a write.</summary>
    private sealed class DyingSettlements(ISettlementStore inner, int lives) : ISettlementStore
    {
        private int _left = lives;

        public Task<T> UpdateAsync<T>(Func<IVendingBooks, ISettlementBooks, T> step, CancellationToken cancellationToken) =>
            _left-- > 0 ? inner.UpdateAsync(step, cancellationToken) : throw new PowerCutException();

        public T Read<T>(Func<IVendingBooks, ISettlementBooks, T> step) => inner.Read(step);
    }
}
