using Latchkey.Cli.Sellers;
using Latchkey.Quantities;
using Latchkey.Server.Serve.Settings;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Cli.Tests.Sellers;

/// <summary>Lists of meters: each bad line is named, a list goes in whole or not at all, the same list again changes nothing.</summary>
public sealed class MeterImportTests
{
    private const string Head = "pan,sgc,krn,ti,kt,base,algorithm,tariff,account,name,place\n";
    private const string Good = "600727000000000009,000001,1,01,2,2014,11,STARTER,C-1,\"Li, Wei\",Room 1\n";

    [Fact]
    public void Read_OfAGoodLine_HasEveryField()
    {
        (List<ListedMeter> meters, List<string> faults) = Read(Head + Good);
        Assert.Empty(faults);
        ListedMeter meter = Assert.Single(meters);
        Assert.Equal(("600727000000000009", "STARTER", "C-1", "Room 1"), (meter.Record.Pan.ToString(), meter.Record.TariffId, meter.Record.CustomerAccount, meter.Record.Place));
        Assert.Equal("Li, Wei", meter.Card.CustomerName);
        Assert.Equal((KeyType.Unique, BaseDate.Year2014, EncryptionAlgorithm.Ea11), (meter.Record.Key.KeyType, meter.Record.Key.BaseDate, meter.Record.Key.Algorithm));
    }

    [Theory]
    [InlineData("600727000000000008,000001,1,01,2,2014,11,STARTER,C,N,P", "pan:")]
    [InlineData("12,000001,1,01,2,2014,11,STARTER,C,N,P", "pan:")]
    [InlineData("600727000000000009,1,1,01,2,2014,11,STARTER,C,N,P", "sgc:")]
    [InlineData("600727000000000009,000001,0,01,2,2014,11,STARTER,C,N,P", "krn:")]
    [InlineData("600727000000000009,000001,1,x,2,2014,11,STARTER,C,N,P", "ti:")]
    [InlineData("600727000000000009,000001,1,01,4,2014,11,STARTER,C,N,P", "kt:")]
    [InlineData("600727000000000009,000001,1,01,2,2015,11,STARTER,C,N,P", "base:")]
    [InlineData("600727000000000009,000001,1,01,2,2014,09,STARTER,C,N,P", "algorithm:")]
    [InlineData("600727000000000009,000001,1,01,2,2014,11,NONE,C,N,P", "tariff:")]
    [InlineData("600727000000000009,000001,1,01,2,2014,11,STARTER,C,N", "10 cells where the head has 11")]
    [InlineData("600727000000000009,000001,1,01,2,2014,11,STARTER,C,\"N,P", "a quote is not closed")]
    public void Read_OfABadLine_NamesTheLineAndTheColumn(string line, string expected)
    {
        (List<ListedMeter> meters, List<string> faults) = Read(Head + Good + "\n" + line + "\n");
        Assert.Single(meters);
        Assert.StartsWith("line 4: " + expected, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pan,sgc,krn,ti\n", "line 1: the column 'tariff' is missing")]
    [InlineData("pan,sgc,krn,ti,tariff,colour\n", "line 1: there is no column 'colour'")]
    [InlineData("pan,sgc,krn,ti,tariff,pan\n", "line 1: the column 'pan' is there twice")]
    [InlineData("", "line 1: the file is empty")]
    public void Read_OfABadHead_SaysSo(string head, string expected) => Assert.StartsWith(expected, Assert.Single(Read(head).Faults), StringComparison.Ordinal);

    [Fact]
    public void Read_OfAMeterTwice_NamesBothLines() => Assert.Equal("line 3: meter 600727000000000009 is on line 2 too", Assert.Single(Read(Head + Good + Good).Faults));

    [Fact]
    public async Task Import_Again_ChangesNothing_AndADryRunOrABadLineWritesNothing()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("park");
        await SellerDirectory.CreateAsync(path, "P", Currency.Cny, "+08:00", "UTC", TimeProvider.System, CancellationToken.None);
        string list = Head + string.Concat(Enumerable.Range(0, 1_200).Select(Line));
        await SellerRoom.RunAsync(path, async room =>
        {
            Assert.Equal((1_200, true), Of(await MeterImport.RunAsync(room, new StringReader(list), dryRun: true, null, CancellationToken.None)));
            await MeterImport.RunAsync(room, new StringReader(list + "x\n"), dryRun: false, null, CancellationToken.None);
            Assert.Empty(room.House.Meters.List(null, 10));
            Assert.Equal((1_200, false), Of(await MeterImport.RunAsync(room, new StringReader(list), dryRun: false, null, CancellationToken.None)));
            ImportReport again = await MeterImport.RunAsync(room, new StringReader(list), dryRun: false, null, CancellationToken.None);
            Assert.Equal((0, 0, 1_200), (again.Added, again.Changed, again.Unchanged));
            ImportReport moved = await MeterImport.RunAsync(room, new StringReader(list.Replace("Room 7\n", "Room 7a\n", StringComparison.Ordinal)), dryRun: false, null, CancellationToken.None);
            Assert.Equal((0, 1, 1_199), (moved.Added, moved.Changed, moved.Unchanged));
            return 0;
        });
        static (int, bool) Of(ImportReport report) => (report.Added, report.DryRun);
    }

    private static string Line(int i)
    {
        Assert.True(DecoderReferenceNumber.TryParse(WithCheckDigit(i), out DecoderReferenceNumber drn));
        return $"{MeterPan.FromDrn(drn)},000001,1,01,2,2014,11,STARTER,C-{i},N{i},Room {i}\n";
    }

    // Tries the ten digits: one of them is the right one.
    private static string WithCheckDigit(int i) => Enumerable.Range(0, 10).Select(d => $"{i:D10}{d}").First(text => DecoderReferenceNumber.TryParse(text, out DecoderReferenceNumber drn) && drn.HasValidCheckDigit);

    private static (List<ListedMeter> Meters, List<string> Faults) Read(string text) => MeterImport.Read(new StringReader(text), id => id == "STARTER");
}
