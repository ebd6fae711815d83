namespace Latchkey.Vending;

/// <summary>The words of a receipt in one language.</summary>
internal sealed record ReceiptWords(
    string Copy,
    string Development,
    string TaxNumber,
    string Receipt,
    string Time,
    string Channel,
    string Operator,
    string Payment,
    string Meter,
    string Account,
    string Place,
    string EnergyLine,
    string Vat,
    string Paid,
    string Energy,
    string Token,
    string TypeIt,
    string Address,
    string FreeToken,
    string RefundToken,
    string KeyChangeToken,
    string CheckIt)
{
    private static readonly ReceiptWords English = new(
        "*** COPY ***", OrderReceipt.DevelopmentWatermark, "Tax no.", "Receipt", "Time", "Channel", "Operator", "Payment", "Meter", "Account", "Place",
        "Energy", "VAT", "Paid", "Energy", "Token", "Type all 20 digits at the meter.",
        "Address", "Free units", "Refund", "Key change", "Scan to check this receipt.");

    private static readonly ReceiptWords Chinese = new(
        "*** 副本 ***", "测试密钥，不可用于真实电表", "税号", "收据号", "时间", "渠道", "操作员", "支付单号", "表号", "户号", "地址",
        "电费", "增值税", "实付", "电量", "充值码", "请在电表上输入全部20位数字",
        "地址", "免费电量", "退款电量", "密钥更新", "扫码验证本收据");

    public static ReceiptWords In(ReceiptLanguage language) => language switch
    {
        ReceiptLanguage.English => English,
        ReceiptLanguage.Chinese => Chinese,
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "English or Chinese"),
    };

    public string TokenOf(string kind) => kind switch
    {
        "free" => FreeToken,
        "refund" => RefundToken,
        OrderReceipt.KeyChangeKind => KeyChangeToken,
        _ => Token,
    };

    public string NameOf(ReceiptLine line) => line.Kind switch
    {
        "energy" => EnergyLine,
        "vat" => Vat,
        _ => line.Name,
    };
}
