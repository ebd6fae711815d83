using System.Text;

namespace Latchkey.Vending.Tests;

public sealed class ReceiptTests
{
    [Fact]
    public void ToBytes_ReadBack_IsTheSameReceiptAndTheSameBytes()
    {
        byte[] bytes = Samples.Receipt.ToBytes();
        Assert.Equal(bytes, OrderReceipt.FromBytes(bytes).ToBytes());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"number\":5}")]
    public void FromBytes_WhatIsNoReceipt_SaysSo(string text) =>
        Assert.Throws<FormatException>(() => OrderReceipt.FromBytes(Encoding.UTF8.GetBytes(text)));

    // A receipt as an earlier version stored it: it reads, and writes again, byte for byte.
    [Fact]
    public void FromBytes_OfAnEarlierVersion_IsTheSameBytesWhenWrittenAgain()
    {
        const string Stored = """{"number":"R000000003","orderId":"00000007-0000-0000-0000-000000000000","issuedAt":"2026-11-22T17:30:20\u002B08:00","seller":"Riverside Park","sellerTaxNumber":"","channel":"wechat","paymentReference":"42","meterPan":"600727000000000009","meterNumber":"00000000000","supplyGroup":"201457","tariffIndex":"01","keyRevision":1,"algorithm":"Ea11","customerAccount":"ACC-1","place":"301","tariffId":"T","currency":"CNY","amountMinorUnits":5000,"unitsAsked":"81","tenthsGranted":811,"roundingMinorUnits":3,"lines":[{"kind":"energy","name":"energy","units":"81","rate":"0.5","minorUnits":5000}],"tokens":[{"kind":"sale","number":"1234 5678 9012 3456 7890","tenths":811,"tidMinutes":6777000}],"ledgerHash":"aa"}""";
        OrderReceipt receipt = OrderReceipt.FromBytes(Encoding.UTF8.GetBytes(Stored));
        Assert.Equal(Stored, Encoding.UTF8.GetString(receipt.ToBytes()));
        Assert.Contains("1234 5678 9012", ReceiptText.Render(receipt, ReceiptLanguage.Chinese), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_InEnglish_IsThisPaper() => Golden("receipt-en-32.txt", ReceiptText.Render(Samples.Receipt, ReceiptLanguage.English));

    [Fact]
    public void Render_OfACounterSaleWithAllThereIs_InChinese_IsThisPaper() =>
        Golden("receipt-counter-zh-32.txt", ReceiptText.Render(Samples.CounterReceipt, ReceiptLanguage.Chinese, isCopy: true, copy: 2));

    [Fact]
    public void Render_OfACounterSaleWithAllThereIs_OnWidePaper_IsThisPaper() =>
        Golden("receipt-counter-en-48.txt", ReceiptText.Render(Samples.CounterReceipt, ReceiptLanguage.English, columns: ReceiptText.WideColumns));

    [Theory]
    [InlineData(ReceiptLanguage.English, "Kept from before           -0.07", "Kept for next time          0.09")]
    [InlineData(ReceiptLanguage.Chinese, "上次结余                   -0.07", "结余留待下次                0.09")]
    public void Render_OfATokenThatWasRoundedDown_SaysWhatIsKept(ReceiptLanguage language, string used, string kept)
    {
        string[] paper = ReceiptText.Render(Samples.CarryingReceipt, language).Split('\n');
        Assert.Contains(used, paper);
        Assert.Contains(kept, paper);
        Assert.Equal(Samples.CarryingReceipt.AmountMinorUnits, Samples.CarryingReceipt.Lines.Sum(l => l.MinorUnits));
    }

    [Fact]
    public void Render_ANameWithControlCharacters_SendsNoneToThePrinter()
    {
        string paper = ReceiptText.Render(Samples.Receipt with { CustomerName = "Wang\u001b@\r\nLi", Place = "a\tb" }, ReceiptLanguage.English);
        Assert.DoesNotContain(paper, c => char.IsControl(c) && c != '\n');
    }

    [Theory]
    [InlineData(ReceiptLanguage.English)]
    [InlineData(ReceiptLanguage.Chinese)]
    public void Render_OnNarrowPaper_NeverPassesTheEdge(ReceiptLanguage language)
    {
        OrderReceipt wide = Samples.CounterReceipt with { Place = new string('楼', 40), Seller = new string('W', 70), Operator = "张三", CustomerName = "王 very long name of a company of the park 有限公司" };
        Assert.All(ReceiptText.Render(wide, language).Split('\n'), line => Assert.InRange(Columns(line), 0, ReceiptText.Columns));
        Assert.All(ReceiptText.Render(wide, language, columns: ReceiptText.WideColumns).Split('\n'), line => Assert.InRange(Columns(line), 0, ReceiptText.WideColumns));
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("电表", 4)]
    [InlineData("（A）", 5)]
    [InlineData("e\u0301", 1)]
    [InlineData("ｱｲ", 2)]
    [InlineData("𠮷", 2)]
    [InlineData("가", 2)]
    [InlineData("¥5", 2)]
    public void Width_OfAText_IsWhatThePrinterTakes(string text, int columns) => Assert.Equal(columns, ReceiptPaper.Width(text));

    [Fact]
    public void Render_ACopy_SaysSoAndCarriesTheSameToken()
    {
        string copy = ReceiptText.Render(Samples.Receipt, ReceiptLanguage.Chinese, isCopy: true);
        Assert.Contains("副本", copy);
        Assert.Contains("1234 5678 9012", copy);
    }

    private static int Columns(string line) => line.Sum(c => c > 0x2E80 ? 2 : 1);

    /// <summary>Rewritten only on request: LATCHKEY_GOLDEN=1.</summary>
    private static void Golden(string name, string paper)
    {
        string path = Latchkey.Testing.RepositoryRoot.Combine("tests", "Latchkey.Vending.Tests", "Golden", name);
        if (Environment.GetEnvironmentVariable("LATCHKEY_GOLDEN") == "1") File.WriteAllText(path, paper);
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), paper);
    }
}
