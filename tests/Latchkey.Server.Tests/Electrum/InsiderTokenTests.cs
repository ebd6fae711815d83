using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Ledger;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Simulator;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.Tests.Electrum;

/// <summary>Tokens that nobody pays for, from the request to the keypad of a virtual meter; and what one person or one key alone gets: nothing.</summary>
public sealed class InsiderTokenTests(Bench bench) : IClassFixture<Bench>
{
    private const string MeterId = "TST001";
    private static readonly ApprovalPerson Ann = ApprovalPerson.AtPortal("ann", isOperator: true), Bo = ApprovalPerson.AtPortal("bo", isOperator: true);

    private VendingHouse House => bench.Server.Platform.Vending;

    private MeterPan Pan => bench.Seed.AttributesOf(MeterId).Pan;

    [Fact]
    public async Task EveryKind_IsTakenByAVirtualMeterAtItsKeypad()
    {
        foreach (BudgetKind kind in BudgetKinds.All) await RaiseAsync(kind);
        using VirtualMeter meter = bench.Install(MeterId);

        Type(meter, await IssueAsync(IssueEffects.FreeIssue(Pan, 251, out _)!));
        Assert.Equal(Energy.FromTenthsOfKilowattHour(251), meter.Snapshot.Granted);

        await BuyForAsync("TST002");
        Type(meter, await IssueAsync(IssueEffects.Transfer(bench.Seed.AttributesOf("TST002").Pan, Pan, 100, "work order 17", out _)!));
        Assert.Equal(Energy.FromTenthsOfKilowattHour(351), meter.Snapshot.Granted);

        Type(meter, await IssueAsync(IssueEffects.Management(ApprovalKind.PowerLimit, Pan, 2_000, out _)!));
        Type(meter, await IssueAsync(IssueEffects.Management(ApprovalKind.PhaseUnbalance, Pan, 1_500, out _)!));
        Type(meter, await IssueAsync(IssueEffects.Management(ApprovalKind.ClearTamper, Pan, 0, out _)!));
        Type(meter, await IssueAsync(IssueEffects.MeterTest(2, 0, false, out _)!));

        Assert.True(meter.Snapshot.Balance > Energy.Zero);
        Type(meter, await IssueAsync(IssueEffects.Management(ApprovalKind.ClearCredit, Pan, (long)CreditRegister.Electricity, out _)!));
        Assert.Equal(Energy.Zero, meter.Snapshot.Balance);

        VendingAuditReport report = House.Audit.Verify();
        Assert.Null(report.Ledger.Problem);
        Assert.Empty(report.Differences);
    }

    [Fact]
    public async Task Token_ByItsNumber_NamesItsTransaction()
    {
        await RaiseAsync(BudgetKind.FreeIssue);
        string free = await IssueAsync(IssueEffects.FreeIssue(Pan, 40, out _)!);
        TokenTrace trace = House.TokenVerifier.Find(TokenNumber.Parse(free))!;
        Assert.Equal(("free-issue", 40, "portal:ann", "portal:bo"), (trace.Kind, trace.Tenths, trace.AskedBy, trace.ApprovedBy));
        Assert.True(trace.SignerLine > 0);

        (_, Reply sale) = await bench.BuyAsync("TST004");
        Assert.Equal("sale", House.TokenVerifier.Find(TokenNumber.Parse(sale.Digits[0]))!.Kind);
        (_, Reply withKeys) = await bench.BuyAsync("TST006");
        Assert.Equal(("key-change", 2L), House.TokenVerifier.Find(TokenNumber.Parse(withKeys.Digits[1])) is { } change ? (change.Kind, change.Value!.Value) : default);
        Assert.Equal("meter-test", House.TokenVerifier.Find(TokenNumber.Parse("00000000000150997584"))!.Kind);
        Assert.Null(House.TokenVerifier.Find(TokenNumber.Parse("12345678901234567890")));
    }

    [Fact]
    public async Task Key_OfTheInterfaceAlone_GetsNoToken()
    {
        await RaiseAsync(BudgetKind.FreeIssue);
        string key = AccountBook.Open(bench.Directory).SetApiClient("admin-tool");
        await bench.RestartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(bench.Server.Addresses[0], "/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Guid id = NewId();
        var wish = new { kind = "free-issue", meterPan = Pan.ToString(), value = 50, reason = "storm, report 17" };

        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync($"management-tokens/{id}", wish)).StatusCode);
        Assert.Equal("approval-role-missing", await CodeAsync(await client.PostAsync($"approvals/{id}/give", null)));
        Assert.Equal("two-approvers-needed", await CodeAsync(await client.GetAsync($"management-tokens/{id}")));
        Assert.Equal("purchase-id-reused", await CodeAsync(await client.PutAsJsonAsync($"management-tokens/{id}", wish with { value = 60 })));

        // One person beside the key is not enough: a program is nobody.
        await House.Issues.ApproveAsync(id, Ann, CancellationToken.None);
        Assert.Equal("two-approvers-needed", await CodeAsync(await client.GetAsync($"management-tokens/{id}")));
        await House.Issues.ApproveAsync(id, Bo, CancellationToken.None);
        JsonElement answer = await client.GetFromJsonAsync<JsonElement>($"management-tokens/{id}");
        string token = answer.GetProperty("token").GetString()!;
        Assert.Equal(token, (await client.GetFromJsonAsync<JsonElement>($"management-tokens/{id}")).GetProperty("token").GetString());
        using VirtualMeter meter = bench.Install(MeterId);
        Type(meter, token.Replace(" ", "", StringComparison.Ordinal));

        // A purchase through the interface cannot reach the channels of gifts.
        Assert.Equal("approval-unknown", await CodeAsync(await client.GetAsync($"management-tokens/{NewId()}")));
        Assert.Contains(id.ToString(), await client.GetStringAsync("approvals"));
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString()!;

    private async Task BuyForAsync(string meterId)
    {
        (_, Reply reply) = await bench.BuyAsync(meterId);
        Assert.NotEmpty(reply.Digits);
    }

    private async Task<string> IssueAsync(ApprovalEffect effect)
    {
        Guid id = NewId();
        Assert.IsType<ApprovalOutcome.Done>(await House.Issues.AskAsync(id, effect, "a test of every kind", Ann, ApprovalDesk.UsualLifetime, CancellationToken.None));
        Assert.IsType<ApprovalOutcome.Done>(await House.Issues.ApproveAsync(id, Bo, CancellationToken.None));
        return Assert.IsType<IssueOutcome.Issued>(await House.Issues.IssueAsync(id, CancellationToken.None)).Token.ToString();
    }

    private async Task RaiseAsync(BudgetKind kind)
    {
        LedgerUnit unit = kind is BudgetKind.FreeIssue or BudgetKind.CreditTransfer ? LedgerUnit.TenthsOfKilowattHour : LedgerUnit.Token;
        Guid id = NewId();
        ApprovalEffect effect = BudgetDesk.EffectOf(new BudgetName(kind, BudgetName.Always, BudgetName.Everybody, unit), 1_000, out _)!;
        await House.Approvals.AskAsync(id, effect, "a budget", Ann, ApprovalDesk.UsualLifetime, CancellationToken.None);
        Assert.IsType<ApprovalOutcome.Done>(await House.Issues.ApproveAsync(id, Bo, CancellationToken.None));
    }

    private static void Type(VirtualMeter meter, string token)
    {
        meter.Type(token + "#");
        meter.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TokenStatus.Accepted, meter.Snapshot.LastToken!.Status);
    }

    private static Guid NewId() => Guid.Parse(Bench.NewId());
}
