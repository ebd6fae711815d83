using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;

namespace Latchkey.Storage.Tests.Vending.Programmes;

/// <summary>Programmes of key changes beside live sales.</summary>
public sealed class KeyProgrammeTests
{
    private static readonly DateTimeOffset AfterTheEnd = new(2024, 11, 25, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Purchase_InAStartedCohort_CarriesTheSetAndTheMeterTakesAllOfIt()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(3);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort()));
        OrderReceipt receipt = await shop.BuyAsync(1, meter: 0);
        Assert.Equal(["key-change", "key-change", "sale"], receipt.Tokens.Select(t => t.Kind));
        Assert.True(shop.TypeAll(0, receipt));
        Assert.Equal(BaseDate.Year2014, shop.BaseDateOf(0));
        Assert.Equal((ProgrammeMeterState.Issued, (DateOnly?)shop.Today), (shop.Standing(0).State, shop.Standing(0).IssuedOn));

        // The same order again is the same paper; the next one carries the set too, until the meter is known to have it.
        Assert.Equal(receipt.Tokens, (await shop.BuyAsync(1, meter: 0)).Tokens);
        shop.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(receipt.Tokens.Take(2), (await shop.BuyAsync(2, meter: 0)).Tokens.Take(2));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Purchase_OnceTheMeterHasProvenIt_CarriesNothing()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(1);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort()));
        await shop.BuyAsync(1, meter: 0);
        TokenIdentifier tid = shop.House.Desk.Find(Shop.Id(1))!.Tid!.Value;
        Assert.Null(await shop.House.Desk.MarkCreditedAsync(Shop.Id(1), new CreditProof(CreditProofKind.Accepted, tid, shop.Clock.GetUtcNow(), "proof"), CancellationToken.None));
        Assert.Equal(ProgrammeMeterState.Proven, shop.Standing(0).State);
        Assert.Equal("sale", Assert.Single((await shop.BuyAsync(2, meter: 0)).Tokens).Kind);
        Assert.Equal(0, (await shop.RunAsync()).Planned);
    }

    [Fact]
    public async Task Purchase_BeforeTheCohortStarts_IsUnderTheOldKey()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(1);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort(starts: shop.Today.AddDays(10))));
        await shop.SettleAsync();
        OrderReceipt receipt = await shop.BuyAsync(1, meter: 0);
        Assert.Equal((1, 1), (Assert.Single(receipt.Tokens).Kind == "sale" ? 1 : 0, receipt.KeyRevision));
        Assert.Equal(ProgrammeMeterState.Waiting, shop.Standing(0).State);
        Assert.Equal(TokenResult.Accept, shop.Type(0, receipt.Tokens[0].Number));

        shop.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(3, (await shop.BuyAsync(2, meter: 0)).Tokens.Count);
    }

    [Theory]
    [InlineData(CohortPolicy.OnRequest, "key-change-on-request")]
    [InlineData(CohortPolicy.OverTheAir, "key-change-over-the-air")]
    [InlineData(CohortPolicy.FieldVisit, "key-change-by-visit")]
    public async Task Purchase_BeyondTheDate_SaysWhatToDo(CohortPolicy policy, string code)
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(2);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort(policy)));
        Assert.Single((await shop.BuyAsync(1, meter: 0)).Tokens);
        shop.Clock.Set(AfterTheEnd);
        Assert.Equal(code, await shop.RefusalAsync(2, meter: 0));
        Assert.Equal(ProgrammeMeterState.Dark, shop.Standing(0).Shown(shop.Clock.GetUtcNow()));

        // Asked for, brought or delivered: with the set made, the meter is sold to under its new key.
        await shop.RunAsync();
        Assert.IsType<KeyChangeOutcome.Issued>(await shop.House.KeyChanges.IssueAsync(ProgrammeShop.Pan(1), CancellationToken.None));
        OrderReceipt receipt = await shop.BuyAsync(3, meter: 1);
        Assert.True(shop.TypeAll(1, receipt));
        Assert.Equal(BaseDate.Year2014, shop.BaseDateOf(1));
    }

    [Fact]
    public async Task Purchase_BeyondTheDateWithTheNextPurchase_IsSoldWhateverThePace()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(3);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort(perDay: 1)));
        shop.Clock.Set(AfterTheEnd);
        for (int meter = 0; meter < 3; meter++) Assert.True(shop.TypeAll(meter, await shop.BuyAsync(10 + meter, meter)));
        Assert.Equal(3, shop.Progress().Single().Issued);
    }

    [Fact]
    public async Task Purchase_BeyondTheDateWithoutAProgramme_IsRefusedForWhatHasEnded()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(5);
        shop.Clock.Set(AfterTheEnd);
        Assert.Equal("outside-token-time", await shop.RefusalAsync(1, meter: 0));
        Assert.Equal("key-expired", await shop.RefusalAsync(2, meter: 4));
    }

    [Fact]
    public async Task Purchase_FromTheCohortsOwnDay_IsRefusedBeforeTheKeyEnds()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(2);
        KeyCohort cohort = ProgrammeShop.Cohort(CohortPolicy.FieldVisit) with { RefuseFrom = shop.Today.AddDays(5) };
        await shop.StartAsync(ProgrammeShop.Programme(cohort));
        await shop.BuyAsync(1, meter: 0);
        shop.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal("key-change-by-visit", await shop.RefusalAsync(2, meter: 0));
        Assert.Null(await shop.House.ProgrammeDesk.ExemptAsync(ProgrammeShop.ProgrammeId, ProgrammeShop.Pan(0), "court order", CancellationToken.None));
        Assert.Single((await shop.BuyAsync(3, meter: 0)).Tokens);
        await shop.SettleAsync();
        Assert.Equal((1, 1), (shop.Progress().Single().Exempt, shop.Progress().Single().Planned));
    }

    [Fact]
    public async Task Purchase_OfAMeterThatCameAfterTheCount_IsTakenIn()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(1);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort()));
        await shop.House.Meters.SaveAsync(new MeterRecord(ProgrammeShop.Key(50), "T", "NEW", "Site 9"), CancellationToken.None);
        Assert.Equal(3, (await shop.BuyAsync(1, meter: 50)).Tokens.Count);
        Assert.Equal(ProgrammeMeterState.Issued, shop.Standing(50).State);
    }

    [Fact]
    public async Task Runner_PlansAtThePaceOfTheCohortTheSoonestDarkFirst()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(25);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort(perDay: 10)));
        Assert.Equal(10, (await shop.SettleAsync()).Planned);
        Assert.Equal(10, shop.House.Programmes.BegunOn(ProgrammeShop.ProgrammeId, 0, shop.Today));

        // Keys that expire before the base date ends come first.
        Assert.All(new[] { 4, 9, 14, 19, 24 }, meter => Assert.Equal(ProgrammeMeterState.Planned, shop.Standing(meter).State));
        shop.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(10, (await shop.SettleAsync()).Planned);
        shop.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(5, (await shop.SettleAsync()).Planned);
        Assert.Equal([10, 10, 5], shop.House.Programmes.Days(ProgrammeShop.ProgrammeId).Select(d => d.Planned));
    }

    [Fact]
    public async Task Runner_OverTheAir_MakesAndCarriesTheSetsAndSaysWhoCannotBeReached()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(4);
        shop.Carrier.Reachable.UnionWith([ProgrammeShop.Pan(0), ProgrammeShop.Pan(2)]);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort(CohortPolicy.OverTheAir)));
        await shop.SettleAsync();
        Assert.Equal([ProgrammeShop.Pan(0), ProgrammeShop.Pan(2)], shop.Carrier.Carried.Keys.Order());
        Assert.Equal((2, 2), (shop.Progress().Single().Issued, shop.Progress().Single().Failed));
        Assert.Equal("meter-not-reachable", shop.Standing(1).Code);

        // A set that a crash kept from being sent goes out after it.
        shop.Carrier.Carried.Clear();
        shop.Restart();
        await shop.RunAsync();
        Assert.Equal(2, shop.Carrier.Carried.Count);
        Assert.True(await shop.House.KeyChanges.MarkDoneAsync(ProgrammeShop.Pan(0), CancellationToken.None));
        Assert.Equal(ProgrammeMeterState.Proven, shop.Standing(0).State);
    }

    [Fact]
    public async Task Programme_WhilePausedOrAborted_PlansNothing()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(5);
        Guid id = ProgrammeShop.ProgrammeId;
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort(perDay: 2)));
        Assert.Null(await shop.House.ProgrammeDesk.PauseAsync(id, "Ann", "signer is slow", CancellationToken.None));
        shop.House.KeyGate.Look();
        Assert.True((await shop.SettleAsync()).IsNothing);
        Assert.Single((await shop.BuyAsync(1, meter: 0)).Tokens);
        Assert.Equal("two-approvers-needed", await shop.House.ProgrammeDesk.StartAsync(id, new TwoPeople("Ann", "ann "), CancellationToken.None));
        Assert.Null(await shop.House.ProgrammeDesk.StartAsync(id, ProgrammeShop.People, CancellationToken.None));
        Assert.Equal(2, (await shop.SettleAsync()).Planned);
        Assert.Null(await shop.House.ProgrammeDesk.AbortAsync(id, "Bo", "wrong key", CancellationToken.None));
        shop.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True((await shop.SettleAsync()).IsNothing);
        Assert.Equal("programme-ended", await shop.House.ProgrammeDesk.StartAsync(id, ProgrammeShop.People, CancellationToken.None));
        Assert.Equal(
            [ProgrammeAct.Started, ProgrammeAct.Paused, ProgrammeAct.Resumed, ProgrammeAct.Aborted], shop.House.Programmes.Find(id)!.Events.Select(e => e.Act));
    }

    [Fact]
    public async Task Start_WithoutTwoPeopleACountOrTheKeys_IsRefused()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(2, withNewKey: false);
        Guid id = ProgrammeShop.ProgrammeId;
        KeyProgrammeDesk desk = shop.House.ProgrammeDesk;
        Assert.Equal("unknown-programme", await desk.StartAsync(id, ProgrammeShop.People, CancellationToken.None));
        Assert.Null(await desk.DrawAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort()), CancellationToken.None));
        Assert.Equal("two-approvers-needed", await desk.StartAsync(id, new TwoPeople("Ann", " "), CancellationToken.None));
        Assert.Equal("programme-not-counted", await desk.StartAsync(id, ProgrammeShop.People, CancellationToken.None));
        await shop.CountAllAsync();
        Assert.Equal("key-missing", await desk.StartAsync(id, ProgrammeShop.People, CancellationToken.None));
        await shop.ImportNewKeyAsync();
        Assert.Null(await desk.StartAsync(id, ProgrammeShop.People, CancellationToken.None));
    }

    [Fact]
    public async Task Draw_TheSameAgain_IsTheSame_AndAnotherUnderItsIdIsRefused()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(1);
        KeyProgramme programme = ProgrammeShop.Programme(ProgrammeShop.Cohort());
        Assert.Null(await shop.House.ProgrammeDesk.DrawAsync(programme, CancellationToken.None));
        Assert.Null(await shop.House.ProgrammeDesk.DrawAsync(programme, CancellationToken.None));
        Assert.Equal("programme-id-reused", await shop.House.ProgrammeDesk.DrawAsync(programme with { Name = "other" }, CancellationToken.None));
        Assert.Equal("programme-malformed", await shop.House.ProgrammeDesk.DrawAsync(programme with { Id = Shop.Id(99), Cohorts = [] }, CancellationToken.None));
    }

    [Fact]
    public async Task Dark_ListsTheOpenMetersBySoonestMomentPageByPage()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(12);
        await shop.StartAsync(ProgrammeShop.Programme(
            new KeyCohort("site 0", new CohortSelection { Places = ["Site 0"] }, shop.Today, CohortPolicy.WithNextPurchase, 100),
            ProgrammeShop.Cohort(CohortPolicy.FieldVisit, name: "others")));
        await shop.BuyAsync(1, meter: 4);
        IReadOnlyList<DarkLine> all = shop.House.Programmes.Dark(ProgrammeShop.ProgrammeId, DarkFilter.None, null, 100);
        Assert.Equal(12, all.Count);
        Assert.Equal(all.OrderBy(l => l.Meter.DarkAt).ThenBy(l => l.Meter.Pan).Select(l => l.Meter.Pan), all.Select(l => l.Meter.Pan));
        Assert.Equal([DarkReason.KeyExpiry, DarkReason.KeyExpiry], all.Take(2).Select(l => l.Meter.DarkReason));
        Assert.Equal(1, all.Single(l => l.Meter.Pan == ProgrammeShop.Pan(4)).Purchases.Count);

        List<MeterPan> paged = [];
        DarkPlace? place = null;
        for (IReadOnlyList<DarkLine> page; (page = shop.House.Programmes.Dark(ProgrammeShop.ProgrammeId, DarkFilter.None, place, 5)).Count > 0; place = new DarkPlace(page[^1].Meter.DarkAt, page[^1].Meter.Pan))
            paged.AddRange(page.Select(l => l.Meter.Pan));
        Assert.Equal(all.Select(l => l.Meter.Pan), paged);

        Assert.Equal(6, shop.House.Programmes.Dark(ProgrammeShop.ProgrammeId, new DarkFilter(Cohort: 1), null, 100).Count);
        Assert.Single(shop.House.Programmes.Dark(ProgrammeShop.ProgrammeId, new DarkFilter(State: ProgrammeMeterState.Issued), null, 100));
        Assert.Equal(2, shop.House.Programmes.Dark(ProgrammeShop.ProgrammeId, new DarkFilter(Before: new DateTimeOffset(2024, 11, 1, 0, 0, 0, TimeSpan.Zero)), null, 100).Count);
    }
}
