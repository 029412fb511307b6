;; The loops that take the Pigeon's time, in WebAssembly: single precision, as torch has it, four units at a time.
;;
;; An image lies in memory as its inked pixels, each the pixel's number and its ink, 4 bytes either. Weights have a row
;; for each pixel; $stride is the length of a row in bytes, a multiple of 64: 16 units are summed at once.
;; kernel.wasm is made of this with the book; pigeon.js calls it, and says what else lies where.
(module
  (import "page" "memory" (memory 1))

  ;; What hidden units sum up for the image from $first to $end, before the ReLU, into $held.
  (func (export "sums") (param $first i32) (param $end i32) (param $weights i32) (param $held i32) (param $stride i32)
    (local $unit i32) (local $pixel i32) (local $at i32) (local $ink v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $units
      (local.set $a (f32x4.splat (f32.const 0)))
      (local.set $b (local.get $a))
      (local.set $c (local.get $a))
      (local.set $d (local.get $a))
      (local.set $pixel (local.get $first))
      (loop $pixels
        (local.set $at (i32.add (i32.add (local.get $weights) (local.get $unit))
          (i32.mul (i32.load (local.get $pixel)) (local.get $stride))))
        (local.set $ink (v128.load32_splat offset=4 (local.get $pixel)))
        (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $ink) (v128.load (local.get $at)))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $ink) (v128.load offset=16 (local.get $at)))))
        (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $ink) (v128.load offset=32 (local.get $at)))))
        (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $ink) (v128.load offset=48 (local.get $at)))))
        (local.set $pixel (i32.add (local.get $pixel) (i32.const 8)))
        (br_if $pixels (i32.lt_u (local.get $pixel) (local.get $end))))
      (local.set $at (i32.add (local.get $held) (local.get $unit)))
      (v128.store (local.get $at) (local.get $a))
      (v128.store offset=16 (local.get $at) (local.get $b))
      (v128.store offset=32 (local.get $at) (local.get $c))
      (v128.store offset=48 (local.get $at) (local.get $d))
      (local.set $unit (i32.add (local.get $unit) (i32.const 64)))
      (br_if $units (i32.lt_u (local.get $unit) (local.get $stride)))))

  ;; Add an image's gradient: to the row of each of its pixels, ink times the slopes in $held.
  (func (export "spread") (param $first i32) (param $end i32) (param $gradient i32) (param $held i32)
    (param $stride i32)
    (local $unit i32) (local $pixel i32) (local $at i32) (local $ink v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $units
      (local.set $at (i32.add (local.get $held) (local.get $unit)))
      (local.set $a (v128.load (local.get $at)))
      (local.set $b (v128.load offset=16 (local.get $at)))
      (local.set $c (v128.load offset=32 (local.get $at)))
      (local.set $d (v128.load offset=48 (local.get $at)))
      (local.set $pixel (local.get $first))
      (loop $pixels
        (local.set $at (i32.add (i32.add (local.get $gradient) (local.get $unit))
          (i32.mul (i32.load (local.get $pixel)) (local.get $stride))))
        (local.set $ink (v128.load32_splat offset=4 (local.get $pixel)))
        (v128.store (local.get $at)
          (f32x4.add (v128.load (local.get $at)) (f32x4.mul (local.get $ink) (local.get $a))))
        (v128.store offset=16 (local.get $at)
          (f32x4.add (v128.load offset=16 (local.get $at)) (f32x4.mul (local.get $ink) (local.get $b))))
        (v128.store offset=32 (local.get $at)
          (f32x4.add (v128.load offset=32 (local.get $at)) (f32x4.mul (local.get $ink) (local.get $c))))
        (v128.store offset=48 (local.get $at)
          (f32x4.add (v128.load offset=48 (local.get $at)) (f32x4.mul (local.get $ink) (local.get $d))))
        (local.set $pixel (i32.add (local.get $pixel) (i32.const 8)))
        (br_if $pixels (i32.lt_u (local.get $pixel) (local.get $end))))
      (local.set $unit (i32.add (local.get $unit) (i32.const 64)))
      (br_if $units (i32.lt_u (local.get $unit) (local.get $stride)))))

  ;; One step of torch.optim.SGD for $size bytes of weights; the gradient is forgotten.
  (func (export "step") (param $weights i32) (param $velocity i32) (param $gradient i32) (param $size i32)
    (param $rate f32) (param $momentum f32) (param $pull f32)
    (local $end i32) (local $moved v128)
    (local.set $end (i32.add (local.get $weights) (local.get $size)))
    (loop $all
      (local.set $moved (f32x4.add
        (f32x4.mul (f32x4.splat (local.get $momentum)) (v128.load (local.get $velocity)))
        (f32x4.add (v128.load (local.get $gradient))
          (f32x4.mul (f32x4.splat (local.get $pull)) (v128.load (local.get $weights))))))
      (v128.store (local.get $velocity) (local.get $moved))
      (v128.store (local.get $weights) (f32x4.sub (v128.load (local.get $weights))
        (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $moved))))
      (v128.store (local.get $gradient) (f32x4.splat (f32.const 0)))
      (local.set $velocity (i32.add (local.get $velocity) (i32.const 16)))
      (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
      (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
      (br_if $all (i32.lt_u (local.get $weights) (local.get $end))))))
