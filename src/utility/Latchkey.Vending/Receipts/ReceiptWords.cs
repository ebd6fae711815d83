namespace Latchkey.Vending;

/// <summary>The words of a receipt in one language.</summary>
internal sealed record ReceiptWords
{
    public required string Copy { get; init; }
    public required string NumberedCopy { get; init; }
    public required string Development { get; init; }
    public required string Address { get; init; }
    public required string TaxNumber { get; init; }
    public required string Receipt { get; init; }
    public required string Time { get; init; }
    public required string Channel { get; init; }
    public required string Vendor { get; init; }
    public required string Terminal { get; init; }
    public required string Operator { get; init; }
    public required string Payment { get; init; }
    public required string Meter { get; init; }
    public required string Customer { get; init; }
    public required string Account { get; init; }
    public required string Place { get; init; }
    public required string Tariff { get; init; }
    public required string EnergyLine { get; init; }
    public required string Vat { get; init; }
    public required string Left { get; init; }
    public required string Within { get; init; }
    public required string Paid { get; init; }
    public required string Energy { get; init; }
    public required string Prepaid { get; init; }
    public required string ResidueUsed { get; init; }
    public required string ResidueKept { get; init; }
    public required string ToPay { get; init; }
    public required string CashRounding { get; init; }
    public required string Change { get; init; }
    public required string Token { get; init; }
    public required string FreeToken { get; init; }
    public required string RefundToken { get; init; }
    public required string KeyChangeToken { get; init; }
    public required string TypeIt { get; init; }
    public required string TypeInOrder { get; init; }
    public required string CheckIt { get; init; }
    public required IReadOnlyDictionary<string, string> Tenders { get; init; }

    private static readonly ReceiptWords English = new()
    {
        Copy = "*** COPY ***", NumberedCopy = "*** COPY {0} ***", Development = OrderReceipt.DevelopmentWatermark, Address = "Address", TaxNumber = "VAT no.",
        Receipt = "Receipt", Time = "Time", Channel = "Channel", Vendor = "Sold by", Terminal = "Terminal", Operator = "Operator", Payment = "Payment", Meter = "Meter",
        Customer = "Customer", Account = "Account", Place = "Place", Tariff = "Tariff", EnergyLine = "Energy", Vat = "VAT", Left = "still owed", Within = "VAT in it",
        Paid = "Paid", Energy = "Energy", Prepaid = "Meter credit", ResidueUsed = "Kept from before", ResidueKept = "Kept for next time", ToPay = "To pay", CashRounding = "Rounded off", Change = "Change", Token = "Token", FreeToken = "Free units",
        RefundToken = "Refund", KeyChangeToken = "Key change", TypeIt = "Type all 20 digits at the meter.", TypeInOrder = "Type the tokens in this order.",
        CheckIt = "Scan to check this receipt.",
        Tenders = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cash"] = "Cash", ["card"] = "Card", ["mobile-money"] = "Mobile money", ["transfer"] = "Transfer", ["cheque"] = "Cheque",
        },
    };

    private static readonly ReceiptWords Chinese = new()
    {
        Copy = "*** 副本 ***", NumberedCopy = "*** 第{0}次补打副本 ***", Development = "测试密钥，不可用于真实电表", Address = "地址", TaxNumber = "税号",
        Receipt = "收据号", Time = "时间", Channel = "渠道", Vendor = "售电点", Terminal = "终端", Operator = "操作员", Payment = "支付单号", Meter = "表号",
        Customer = "客户", Account = "户号", Place = "用电地址", Tariff = "电价", EnergyLine = "电费", Vat = "增值税", Left = "尚欠", Within = "含税",
        Paid = "购电金额", Energy = "电量", Prepaid = "表内预付金额", ResidueUsed = "上次结余", ResidueKept = "结余留待下次", ToPay = "应付", CashRounding = "抹零", Change = "找零", Token = "充值码", FreeToken = "免费电量",
        RefundToken = "退款电量", KeyChangeToken = "密钥更新", TypeIt = "请在电表上输入全部20位数字", TypeInOrder = "请按以下顺序依次输入",
        CheckIt = "扫码验证本收据",
        Tenders = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cash"] = "现金", ["card"] = "银行卡", ["mobile-money"] = "移动支付", ["transfer"] = "转账", ["cheque"] = "支票",
        },
    };

    public static ReceiptWords In(ReceiptLanguage language) => language switch
    {
        ReceiptLanguage.English => English,
        ReceiptLanguage.Chinese => Chinese,
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "English or Chinese"),
    };

    public string TokenOf(string kind) => kind switch
    {
        ReceiptTokenKinds.FreeUnits => FreeToken,
        ReceiptTokenKinds.Refund => RefundToken,
        ReceiptTokenKinds.KeyChange => KeyChangeToken,
        ReceiptTokenKinds.FreeIssue => In("Free issue", "免费发放电量"),
        ReceiptTokenKinds.CreditTransfer => In("Credit transfer", "换表余额转移"),
        _ => Token,
    };

    // A code of a later version is still shown.
    public string TenderOf(string code) => Tenders.GetValueOrDefault(code, code);

    private string In(string english, string chinese) => ReferenceEquals(this, Chinese) ? chinese : english;
}
