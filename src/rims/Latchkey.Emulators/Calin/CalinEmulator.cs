using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Emulators.Hosting;
using Latchkey.Sts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Latchkey.Emulators.Calin;

/// <summary>A stand-in for a meter maker's own token service in the style of CALIN: the maker keeps the vending key and sells tokens over HTTP.</summary>
/// <remarks>As the real ones: no id of the caller's, so that a purchase sent twice is two tokens, each good for the meter.</remarks>
public sealed class CalinEmulator : IAsyncDisposable
{
    private const int MaxSales = 10_000;
    private const int LoginWrong = 2, MeterUnknown = 3, AmountWrong = 4, NotExplained = 9;
    private readonly CalinEmulatorOptions _options;
    private readonly Lock _gate = new();
    private readonly List<CalinSale> _sales = [];
    private readonly Queue<CalinFault> _faults = new();
    private readonly CalinMint _mint;
    private readonly TimeProvider _time;
    private LoopbackHost? _host;

    public CalinEmulator(CalinEmulatorOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var draws = new SeededDraws(options.Seed);
        Password = draws.Text(16);
        VendPassword = draws.Text(16);
        _mint = new CalinMint(draws, time);
    }

    /// <summary>The account's password, made for this run.</summary>
    public string Password { get; }

    /// <summary>The second password, for tokens with energy.</summary>
    public string VendPassword { get; }

    /// <summary>Ends with a slash.</summary>
    public Uri BaseAddress => new(_host?.Address ?? throw new InvalidOperationException("This emulator has no address of its own."), "api/");

    /// <summary>Every token that was made, in order.</summary>
    public IReadOnlyList<CalinSale> Sales
    {
        get
        {
            lock (_gate) return [.. _sales];
        }
    }

    /// <summary>How many calls came, whatever became of them.</summary>
    public int Calls { get; private set; }

    public static async Task<CalinEmulator> StartAsync(CalinEmulatorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var emulator = new CalinEmulator(options, time);
        emulator._host = await LoopbackHost.StartAsync(emulator.Map, cancellationToken).ConfigureAwait(false);
        return emulator;
    }

    /// <summary>A meter that left the factory; its tokens are made here from now on.</summary>
    public void AddMeter(in DecoderKeyAttributes meter)
    {
        lock (_gate) _mint.Add(meter);
    }

    /// <summary>The key that the factory put into a meter, for the meter. The caller disposes of it.</summary>
    public DecoderKey KeyOf(in DecoderKeyAttributes meter) => _mint.KeyOf(meter);

    /// <summary>The next calls go wrong so, one each.</summary>
    public void FaultNext(params IReadOnlyList<CalinFault> faults)
    {
        lock (_gate)
        {
            foreach (CalinFault fault in faults) _faults.Enqueue(fault);
        }
    }

    /// <summary>What the maker's office sends at a month's end: every token that was made, whoever asked for it.</summary>
    public CalinStatement Statement(DateTimeOffset from, DateTimeOffset to) => new(_options.Company, [.. Sales.Where(s => s.At >= from && s.At < to)]);

    /// <summary>A token is made for somebody who has the account's passwords, and not for us.</summary>
    public CalinSale SellToAThief(string meterNumber, long tenths)
    {
        lock (_gate) return Kept(new CalinSale("POS_Purchase", meterNumber, tenths, _mint.Credit(meterNumber, tenths) ?? throw new ArgumentOutOfRangeException(nameof(tenths)), null));
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/POS_Purchase", (HttpContext c) => AnswerAsync(c, "POS_Purchase", Purchase)).DisableAntiforgery();
        routes.MapPost("/api/Maintenance_ClearCredit", (HttpContext c) => AnswerAsync(c, "Maintenance_ClearCredit", (call, json) => Clear(call, json, ManagementSubClass.ClearCredit))).DisableAntiforgery();
        routes.MapPost("/api/Maintenance_ClearTamper", (HttpContext c) => AnswerAsync(c, "Maintenance_ClearTamper", (call, json) => Clear(call, json, ManagementSubClass.ClearTamperCondition))).DisableAntiforgery();
        if (_options.FindCall is { } find) routes.MapPost("/api/" + find, (HttpContext c) => AnswerAsync(c, find, Find)).DisableAntiforgery();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync().ConfigureAwait(false);
        _mint.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, string call, Func<string, JsonObject, JsonObject> work)
    {
        byte[]? body = await RawRequest.BodyAsync(context).ConfigureAwait(false);
        CalinFault fault;
        JsonObject answer;
        lock (_gate)
        {
            Calls++;
            fault = _faults.TryDequeue(out CalinFault asked) ? asked : CalinFault.None;
            if (fault is CalinFault.FailBefore or CalinFault.DropBefore) answer = [];
            else if (fault == CalinFault.Refuse) answer = No(NotExplained, "operation failed");
            else if (fault == CalinFault.RefuseLoudly) answer = No(NotExplained, Encoding.UTF8.GetString(body ?? []));
            else answer = JsonInput.TryParse(body) is { } json ? Judged(call, json, work, fault) : No(NotExplained, "bad request");
        }

        await SendAsync(context, fault, answer).ConfigureAwait(false);
    }

    private JsonObject Judged(string call, JsonObject json, Func<string, JsonObject, JsonObject> work, CalinFault fault)
    {
        if (json.Text("company_name") != _options.Company || json.Text("user_name") != _options.User || json.Text("password") != Password) return No(LoginWrong, "user or password is wrong");
        if (call == "POS_Purchase" && json.Text("password_vend") != VendPassword) return No(LoginWrong, "vending password is wrong");
        if (json.Text("meter_number") is not { } meter || !_mint.Knows(meter)) return No(MeterUnknown, "meter not found");
        if (fault == CalinFault.Repeat && _sales.Count > 0) return Yes(Energy(_sales[^1]));
        if (fault == CalinFault.OtherAmount && json["amount"] is { } amount) json["amount"] = amount.GetValue<decimal>() + 1;
        return work(call, json);
    }

    private JsonObject Purchase(string call, JsonObject json)
    {
        decimal? units = json["amount"] is JsonValue value && value.TryGetValue(out decimal number) ? number : null;
        if (units is not { } kwh || kwh <= 0 || kwh * 10 != decimal.Truncate(kwh * 10) || kwh > 1_000_000 || json["is_vend_by_unit"] is not JsonValue byUnit || !byUnit.TryGetValue(out bool isByUnit) || !isByUnit)
            return No(AmountWrong, "amount is wrong");
        string meter = json.Text("meter_number")!;
        if (_mint.Credit(meter, (long)(kwh * 10)) is not { } token) return No(AmountWrong, "amount is wrong");
        return Yes(Energy(Kept(new CalinSale(call, meter, (long)(kwh * 10), token, IdIn(json)))));
    }

    private JsonObject Clear(string call, JsonObject json, ManagementSubClass kind)
    {
        string meter = json.Text("meter_number")!;
        return Yes(JsonValue.Create(Grouped(Kept(new CalinSale(call, meter, 0, _mint.Clear(meter, kind), IdIn(json))).Token)));
    }

    private JsonObject Find(string call, JsonObject json)
    {
        string? id = IdIn(json);
        CalinSale? sale = id is null ? null : _sales.FirstOrDefault(s => s.RequestId == id);
        if (sale is null) return No(NotExplained, "no such transaction");
        return Yes(sale.Tenths > 0 ? Energy(sale) : JsonValue.Create(Grouped(sale.Token)));
    }

    private CalinSale Kept(CalinSale sale)
    {
        if (_sales.Count == MaxSales) _sales.RemoveAt(0);
        _sales.Add(sale with { At = _time.GetUtcNow() });
        return sale;
    }

    private string? IdIn(JsonObject json) => _options.RequestIdField is { } field ? json.Text(field) : null;

    private static JsonObject Energy(CalinSale sale) => new()
    {
        ["token"] = sale.Token,
        ["meter_number"] = sale.MeterNumber,
        ["total_unit"] = sale.Tenths / 10m,
        ["unit"] = "kWh",
    };

    private static JsonObject Yes(JsonNode? result) => new() { ["result_code"] = 0, ["reason"] = "OK", ["result"] = result };

    // A number in one call, its digits as text in another: clients of the family have to bear both.
    private static JsonObject No(int code, string reason) => new() { ["result_code"] = code.ToString("D2", CultureInfo.InvariantCulture), ["reason"] = reason, ["result"] = null };

    private static string Grouped(string token) => string.Join(' ', token.Chunk(4).Select(g => new string(g)));

    private async Task SendAsync(HttpContext context, CalinFault fault, JsonObject answer)
    {
        if (fault is CalinFault.DropBefore or CalinFault.DropAfter)
        {
            context.Abort();
            return;
        }

        if (fault == CalinFault.Late) await Task.Delay(_options.Delay, TimeProvider.System, context.RequestAborted).ConfigureAwait(false);
        if (fault == CalinFault.NoToken) answer["result"] = null;
        byte[] body = fault == CalinFault.Page ? "<html><body>Service is busy</body></html>"u8.ToArray() : Encoding.UTF8.GetBytes(answer.ToJsonString());
        if (fault == CalinFault.Cut) body = body[..(body.Length / 2)];
        context.Response.StatusCode = fault is CalinFault.FailBefore or CalinFault.FailAfter ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
