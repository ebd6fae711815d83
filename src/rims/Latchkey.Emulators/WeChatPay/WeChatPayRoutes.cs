using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Emulators.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>The published interface of the service, and beside it the emulator's own: payer, faults, log.</summary>
internal sealed class WeChatPayRoutes(
    WeChatPayEmulator emulator, OrderBook orders, NotificationQueue queue, EmulatedPlatform platform, SeededDraws draws, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (string method in new[] { "jsapi", "native" })
            routes.MapPost("/v3/pay/transactions/" + method, (HttpContext c) => AnswerAsync(c, body => orders.Place(method, body, time.GetUtcNow())));

        routes.MapGet("/v3/pay/transactions/out-trade-no/{number}", (HttpContext c, string number) => AnswerAsync(c, _ => Query(c, number)));
        routes.MapPost("/v3/pay/transactions/out-trade-no/{number}/close", (HttpContext c, string number) =>
            AnswerAsync(c, _ => orders.Close(number)));
        routes.MapPost("/v3/refund/domestic/refunds", (HttpContext c) => AnswerAsync(c, Refund));
        routes.MapGet("/v3/refund/domestic/refunds/{number}", (HttpContext c, string number) =>
            AnswerAsync(c, _ => orders.FindRefund(number, time.GetUtcNow())));
        routes.MapGet("/v3/certificates", (HttpContext c) => AnswerAsync(c, _ => Certificates()));

        routes.MapPost("/_emulator/pay/{number}", Pay).DisableAntiforgery();
        routes.MapPost("/_emulator/invoke", (Delegate)InvokeAsync);
        routes.MapPost("/_emulator/faults", (Delegate)FaultsAsync);
        routes.MapPost("/_emulator/deliver", async (CancellationToken ct) =>
            Results.Json(new { sendings = await queue.DeliverDueAsync(ct).ConfigureAwait(false) }));
        routes.MapGet("/_emulator/notifications", () => Results.Json(queue.Log));
        routes.MapGet("/_emulator/orders", () => Results.Json(orders.List().Select(orders.Describe)));
        routes.MapGet("/_emulator/phone", (HttpContext c) => PayerPage.List(orders.List(), PayerPage.LanguageOf(c)));
        routes.MapGet("/_emulator/phone/{number}", (HttpContext c, string number) =>
            PayerPage.Show(orders.Find(number), time.GetUtcNow(), PayerPage.LanguageOf(c), c.Request.Query["back"]));
    }

    private async Task AnswerAsync(HttpContext context, Func<JsonObject?, PlatformAnswer> work)
    {
        byte[]? body = await RawRequest.BodyAsync(context).ConfigureAwait(false);
        PlatformAnswer answer;
        if (body is null)
        {
            answer = PlatformAnswer.Error(400, "PARAM_ERROR", "参数错误");
        }
        else
        {
            string? fault = MerchantAuthorization.FindFault(
                emulator.Merchant, context.Request.Headers.Authorization, context.Request.Method, RawRequest.Target(context), body, time.GetUtcNow());
            answer = fault is null ? work(JsonInput.TryParse(body)) : PlatformAnswer.Error(401, "SIGN_ERROR", fault);
        }

        await SendSignedAsync(context, answer).ConfigureAwait(false);
    }

    private async Task SendSignedAsync(HttpContext context, PlatformAnswer answer)
    {
        byte[] body = answer.Body is null ? [] : Encoding.UTF8.GetBytes(answer.Body.ToJsonString());
        string timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string nonce = draws.Text(32);

        // The answer is signed with the key the merchant asked for.
        PlatformSigning signing = context.Request.Headers["Wechatpay-Serial"] == platform.PublicKeyId
            ? PlatformSigning.PublicKey
            : PlatformSigning.Certificate;
        HttpResponse response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers["Request-ID"] = draws.Hex(16);
        response.Headers["Wechatpay-Timestamp"] = timestamp;
        response.Headers["Wechatpay-Nonce"] = nonce;
        response.Headers["Wechatpay-Serial"] = platform.SerialOf(signing);
        response.Headers["Wechatpay-Signature"] = platform.Sign(signing, timestamp, nonce, body);
        response.Headers["Wechatpay-Signature-Type"] = "WECHATPAY2-SHA256-RSA2048";
        if (body.Length == 0) return;
        response.ContentType = "application/json; charset=utf-8";
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private PlatformAnswer Query(HttpContext context, string number)
    {
        if (context.Request.Query["mchid"] != emulator.Merchant.MerchantId) return PlatformAnswer.Error(400, "PARAM_ERROR", "mchid");
        return orders.Find(number) is { } order
            ? new PlatformAnswer(200, orders.Describe(order))
            : PlatformAnswer.Error(404, "ORDER_NOT_EXIST", "订单不存在");
    }

    private PlatformAnswer Refund(JsonObject? body)
    {
        (PlatformAnswer answer, EmulatedRefund? fresh) = orders.Refund(body, time.GetUtcNow());
        if (fresh is not null) emulator.AnnounceRefund(fresh);
        return answer;
    }

    private PlatformAnswer Certificates() => new(200, new JsonObject
    {
        ["data"] = new JsonArray(new JsonObject
        {
            ["serial_no"] = platform.CertificateSerial,
            ["effective_time"] = PlatformTime.Format(platform.NotBefore),
            ["expire_time"] = PlatformTime.Format(platform.NotAfter),
            ["encrypt_certificate"] = SealedResource.Seal(
                emulator.Merchant.ApiV3KeyText, draws.Text(12), "certificate", Encoding.UTF8.GetBytes(platform.CertificatePem)),
        }),
    });

    private IResult Pay(HttpContext context, string number)
    {
        string? transaction = emulator.Confirm(number, context.Request.Query["openid"]);
        bool fromPage = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (fromPage)
        {
            // Relative to .../_emulator/pay/{number}, so that any prefix works.
            string back = "../phone/" + Uri.EscapeDataString(number) + context.Request.QueryString;
            context.Response.Headers.Location = back;
            return Results.StatusCode(StatusCodes.Status303SeeOther);
        }

        return transaction is null
            ? Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "order-not-payable")
            : Results.Json(new { out_trade_no = number, transaction_id = transaction });
    }

    /// <summary>What the phone does when the page calls requestPayment: checks the merchant's signature and finds the order.</summary>
    private async Task<IResult> InvokeAsync(HttpContext context)
    {
        JsonObject? call = JsonInput.TryParse(await RawRequest.BodyAsync(context).ConfigureAwait(false));
        string Text(string name) => call?.Text(name) ?? string.Empty;
        string package = Text("package");
        byte[] text = Encoding.UTF8.GetBytes($"{Text("appId")}\n{Text("timeStamp")}\n{Text("nonceStr")}\n{package}\n");
        byte[] signature = new byte[512];
        bool genuine = Text("signType") == "RSA" && Text("appId") == emulator.Merchant.AppId
            && Convert.TryFromBase64String(Text("paySign"), signature, out int length)
            && emulator.Merchant.Verifies(text, signature[..length]);
        if (!genuine) return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "pay-sign-invalid");

        const string Prefix = "prepay_id=";
        EmulatedOrder? order = package.StartsWith(Prefix, StringComparison.Ordinal) ? orders.FindByHandle(package[Prefix.Length..]) : null;
        return order is null
            ? Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "prepay-id-unknown")
            : Results.Json(new { out_trade_no = order.OutTradeNo, page = WeChatPayEmulator.PhonePage(order.OutTradeNo) });
    }

    private async Task<IResult> FaultsAsync(HttpContext context)
    {
        JsonObject? body = JsonInput.TryParse(await RawRequest.BodyAsync(context).ConfigureAwait(false));
        if (body?["next"] is not JsonArray { Count: <= 100 } next) return Results.Problem(statusCode: 400, title: "faults-malformed");
        var faults = new List<NotificationFault>();
        foreach (JsonNode? name in next)
        {
            if (!TryReadFault(name, out NotificationFault fault)) return Results.Problem(statusCode: 400, title: "fault-unknown");
            faults.Add(fault);
        }

        queue.Script(faults);
        return Results.NoContent();
    }

    private static bool TryReadFault(JsonNode? name, out NotificationFault fault)
    {
        fault = NotificationFault.None;
        return name is JsonValue value && value.TryGetValue(out string? text)
            && Enum.TryParse(text, ignoreCase: true, out fault) && Enum.IsDefined(fault);
    }
}
