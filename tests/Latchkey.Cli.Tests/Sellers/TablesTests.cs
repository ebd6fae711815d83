using System.Text.Json;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Cli.Tests.Sellers;

/// <summary>A seller of EA07 meters with tables of his own: the commands beside the server make the tokens that the meters read.</summary>
[Collection("console")]
public sealed class TablesTests : IDisposable
{
    private static readonly Guid Budget = new("00000000-0000-0000-0000-000000000001"), Request = new("00000000-0000-0000-0000-000000000002");
    private static readonly byte[] S1 = [.. Enumerable.Range(0, 16).Select(i => (byte)((i + 5) % 16))], S2 = [.. Enumerable.Range(0, 16).Select(i => (byte)((i * 3) % 16))];
    private static readonly byte[] P = [.. Enumerable.Range(0, 64).Select(i => (byte)((i * 11) % 64))];
    private static readonly DecoderKeyAttributes Meter = new(
        MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("000001"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
        KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea07);

    private readonly TemporaryDirectory _directory = new();

    private string Park => _directory.Path + "/park";

    [Fact]
    public async Task Collect_WithTablesInTheSettings_MakesATokenThatAMeterWithThemReads_AndOneWithTheSampleTablesDoesNot()
    {
        await PrepareAsync();
        (int code, string said) = await ConsoleCommand.RunAsync("issue", "collect", Request.ToString(), "--data", Park, "--json");
        Assert.Equal(0, code);
        TokenNumber token = TokenNumber.Parse(string.Concat(JsonDocument.Parse(said).RootElement.GetProperty("token").GetString()!.Where(char.IsAsciiDigit)));
        Assert.True(StaTables.TryCreate(S1, S2, P, out StaTables? tables));
        Assert.Equal(TokenResult.Accept, Read(token, tables));
        Assert.NotEqual(TokenResult.Accept, Read(token, StaTables.Sample));
    }

    [Fact]
    public async Task Collect_WithTablesThatAreNotThere_SaysSo_AndMakesNone()
    {
        await PrepareAsync();
        File.Delete(Park + "/sta.json");
        (int code, string said) = await ConsoleCommand.RunAsync("issue", "collect", Request.ToString(), "--data", Park, "--json");
        Assert.Equal((1, string.Empty), (code, said));
    }

    public void Dispose() => _directory.Dispose();

    private TokenResult Read(TokenNumber token, StaTables tables)
    {
        Assert.True(VendingKey.TryCreate(Convert.FromHexString(File.ReadAllText(_directory.File("key")).Trim()), out VendingKey? vendingKey));
        using (vendingKey)
        {
            using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, Meter);
            using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea07, key, tables);
            return ManagementTokenCodec.Decode(cipher.Decrypt(token.Block), out ManagementToken _);
        }
    }

    private async Task PrepareAsync()
    {
        await SellerDirectory.CreateAsync(Park, "Park", Currency.Cny, "+08:00", "UTC", TimeProvider.System, CancellationToken.None);
        await File.WriteAllTextAsync(Park + "/sta.json", JsonSerializer.Serialize(new { s1 = S1.Select(b => (int)b), s2 = S2.Select(b => (int)b), p = P.Select(b => (int)b) }));
        string settings = Park + "/settings.json", text = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, text.Replace("\"signer\":", "\"staTables\": \"sta.json\", \"signer\":", StringComparison.Ordinal));
        Assert.Equal(0, (await ConsoleCommand.RunAsync("keys", "draw", Park, "--development", "--sgc", "000001", "--bytes", "8", "--out", _directory.File("key"))).Code);

        (SellerDirectory? directory, _) = SellerDirectory.Open(Park);
        using VendingHouse house = VendingHouse.Open(Park, new VendingHouseOptions(directory!.Vending, directory.Tariffs, directory.Tables), TimeProvider.System);
        await house.Meters.SaveAsync(new MeterRecord(Meter, "STARTER", "C-1", "Room 101"), CancellationToken.None);
        ApprovalPerson ann = ApprovalPerson.AtPortal("ann", isOperator: true), bo = ApprovalPerson.AtPortal("bo", isOperator: true);
        ApprovalEffect budget = BudgetDesk.EffectOf(new BudgetName(BudgetKind.ClearTamper, BudgetName.Always, BudgetName.Everybody, LedgerUnit.Token), 5, out _)!;
        Assert.IsType<ApprovalOutcome.Done>(await house.Acts.AskAndApproveAsync(Budget, budget, "season", ann, bo, CancellationToken.None));
        ApprovalEffect wanted = IssueEffects.Management(ApprovalKind.ClearTamper, Meter.Pan, 0, out _)!;
        Assert.IsType<ApprovalOutcome.Done>(await house.Acts.AskAndApproveAsync(Request, wanted, "seal was renewed", ann, bo, CancellationToken.None));
    }
}
